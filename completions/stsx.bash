# Completion of stsx for bash.
_stsx_complete() {
    local IFS=$'\n' word=$1 kind='' line index
    shift
    COMPREPLY=()
    while IFS= read -r line; do
        if [[ -z $kind ]]; then
            kind=$line
        else
            COMPREPLY+=("$line")
        fi
    done < <(command stsx complete bash --line "${COMP_LINE:0:COMP_POINT}" --breaks "$COMP_WORDBREAKS" -- "$@" 2>/dev/null)
    case $kind in
        files)
            compopt -o default 2>/dev/null || :
            ;;
        command)
            for ((index = 1; index < COMP_CWORD; index++)); do
                if [[ ${COMP_WORDS[index]} == -- ]]; then
                    if declare -F _command_offset >/dev/null; then
                        _command_offset $((index + 1))
                    elif ((index + 1 == COMP_CWORD)); then
                        IFS=$'\n' read -r -d '' -a COMPREPLY < <(compgen -c -- "$word") || :
                    else
                        compopt -o default 2>/dev/null || :
                    fi
                    break
                fi
            done
            ;;
    esac
    return 0
}
_stsx() { _stsx_complete "$2" stsx; }
complete -F _stsx stsx
