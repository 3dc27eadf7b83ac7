# stsx for fish: STSX_CMD TARGET, unSTSX_CMD.
function STSX_CMD --description 'Become an AWS role in this shell'
    if string match -qr -- '^(-h|-v+h.*|--help|--format(=.*)?)$' $argv
        command stsx assume $argv
        return
    end
    set -l code (command stsx assume --shell fish $argv)
    or return
    printf '%s\n' $code | source
end
function unSTSX_CMD --description 'Become the original AWS identity again'
    if string match -qr -- '^(-h|-v+h.*|--help)$' $argv
        command stsx unset $argv
        return
    end
    set -l code (command stsx unset --shell fish $argv)
    or return
    printf '%s\n' $code | source
end
complete -c STSX_CMD -e
complete -c STSX_CMD -f -k -a '(__stsx_complete stsx assume)'
complete -c unSTSX_CMD -e
complete -c unSTSX_CMD -f -k -a '(__stsx_complete stsx unset)'
