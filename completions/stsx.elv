# Completion of stsx for elvish.
use str
fn stsx-complete {|of words|
  var answer = [(try { e:stsx complete elvish -- $@of $@words 2>/dev/null | from-lines } catch e { put nothing })]
  if (eq $answer[0] values) {
    for line $answer[1..] {
      var value about = (str:split &max=2 "\t" $line"\t")
      set about = (str:trim-right $about "\t")
      if (eq $about '') {
        put $value
      } else {
        edit:complex-candidate $value &display=$value' ('$about')'
      }
    }
  } elif (eq $answer[0] files) {
    edit:complete-filename $words[-1]
  } elif (eq $answer[0] command) {
    edit:complete-sudo $@words
  }
}
set edit:completion:arg-completer[stsx] = {|_ @words| stsx-complete [stsx] $words }
