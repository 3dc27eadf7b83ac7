# stsx for elvish: STSX_CMD TARGET, unSTSX_CMD.
fn STSX_CMD {|@words|
  for word $words {
    if (or (has-value [-h --help --format] $word) (str:has-prefix $word --format=)) {
      e:stsx assume $@words
      return
    }
  }
  eval (e:stsx assume --shell elvish $@words | slurp)
}
fn unSTSX_CMD {|@words|
  for word $words {
    if (has-value [-h --help] $word) {
      e:stsx unset $@words
      return
    }
  }
  eval (e:stsx unset --shell elvish $@words | slurp)
}
edit:add-var STSX_CMD~ $STSX_CMD~
edit:add-var unSTSX_CMD~ $unSTSX_CMD~
set edit:completion:arg-completer[STSX_CMD] = {|_ @words| stsx-complete [stsx assume] $words }
set edit:completion:arg-completer[unSTSX_CMD] = {|_ @words| stsx-complete [stsx unset] $words }
