# stsx for zsh: STSX_CMD TARGET, unSTSX_CMD.
\builtin unalias STSX_CMD unSTSX_CMD 2>/dev/null || \builtin :
function STSX_CMD {
    \builtin emulate -L zsh
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
    \builtin typeset -ga _stsx_words
    _stsx_words=("${@:-${STSX_TARGET-}}")
}
function unSTSX_CMD {
    \builtin emulate -L zsh
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
    \builtin typeset -ga _stsx_words
    _stsx_words=()
}
_stsx_assume() { _stsx_complete stsx assume; }
_stsx_unset() { _stsx_complete stsx unset; }
if ((${+functions[compdef]})); then
    compdef _stsx_assume STSX_CMD
    compdef _stsx_unset unSTSX_CMD
fi
