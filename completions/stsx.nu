# Completion of stsx for nushell 0.108 or newer.
module stsx-complete {
  export def "nu-complete stsx words" [of: list<string>, spans: list<string>] {
    let words = $spans | skip 1 | each {|word| $word | str replace --regex r#'^["'`](.*?)["'`]?$'# '$1' }
    let answer = try { ^stsx complete nushell -- ...$of ...$words | complete | get stdout | lines } catch { [] }
    match ($answer | get --optional 0) {
      "values" => ($answer | skip 1 | each {|line|
        let parts = $line | split row --number 2 "\t"
        { value: $parts.0, description: ($parts | get --optional 1 | default "") }
      })
      "files" => null
      "command" => null
      _ => []
    }
  }
  def "nu-complete stsx" [spans: list<string>] { nu-complete stsx words [stsx] $spans }
  @complete "nu-complete stsx"
  export extern stsx []
}
export use stsx-complete *
