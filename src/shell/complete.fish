# Completion of stsx for fish.
function __stsx_complete
    set -l words (commandline -opc)
    set -l token (commandline -ct)
    set -l current (string unescape -- "$token"; or string trim -l -c '"\'' -- "$token")
    set -l answer (command stsx complete fish -- $argv $words[2..] "$current" 2>/dev/null)
    switch "$answer[1]"
        case values
            printf '%s\n' $answer[2..]
        case files
            __fish_complete_path "$current"
        case command
            set -l index (contains -i -- -- $words)
            complete -C (string join ' ' -- (string escape -- $words[(math $index + 1)..]) "$token")
    end
end
complete -c stsx -e
complete -c stsx -f -k -a '(__stsx_complete stsx)'
