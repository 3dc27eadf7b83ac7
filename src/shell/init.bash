# stsx for bash: STSX_CMD TARGET, unSTSX_CMD.
\unalias STSX_CMD unSTSX_CMD 2>/dev/null || \builtin :
function STSX_CMD {
    \builtin local _stsx_word _stsx_code
    for _stsx_word in "$@"; do
        case $_stsx_word in
            -h | -v*h* | --help | --format | --format=*)
                \command stsx assume "$@"
                \builtin return
                ;;
        esac
    done
    _stsx_code=$(\command stsx assume --shell sh "$@") || \builtin return
    \builtin eval "$_stsx_code" || \builtin return
    _stsx_words=("${@:-${STSX_TARGET-}}")
}
function unSTSX_CMD {
    \builtin local _stsx_word _stsx_code
    for _stsx_word in "$@"; do
        case $_stsx_word in
            -h | -v*h* | --help)
                \command stsx unset "$@"
                \builtin return
                ;;
        esac
    done
    _stsx_code=$(\command stsx unset --shell sh "$@") || \builtin return
    \builtin eval "$_stsx_code" || \builtin return
    _stsx_words=()
}
_stsx_assume() { _stsx_complete "$2" stsx assume; }
_stsx_unset() { _stsx_complete "$2" stsx unset; }
complete -F _stsx_assume STSX_CMD
complete -F _stsx_unset unSTSX_CMD
