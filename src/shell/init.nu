# stsx for nushell: STSX_CMD TARGET, unSTSX_CMD.
def "nu-complete stsx assume" [spans: list<string>] { nu-complete stsx words [stsx assume] $spans }
def "nu-complete stsx unset" [spans: list<string>] { nu-complete stsx words [stsx unset] $spans }
@complete "nu-complete stsx assume"
export def --env --wrapped STSX_CMD [...words] {
  if ($words | any {|word| $word =~ '^(-h|-v+h.*|--help|--format(=.*)?)$' }) {
    ^stsx assume ...$words
  } else {
    let answer = ^stsx assume --shell nushell ...$words
    $answer | from json | load-env
    $env._stsx_words = (if ($words | is-empty) { [$env.STSX_TARGET] } else { $words })
  }
}
@complete "nu-complete stsx unset"
export def --env --wrapped unSTSX_CMD [...words] {
  if ($words | any {|word| $word =~ '^(-h|-v+h.*|--help)$' }) {
    ^stsx unset ...$words
  } else {
    let answer = ^stsx unset --shell nushell ...$words
    $answer | from json | default {} | load-env
    $env._stsx_words = []
  }
}
