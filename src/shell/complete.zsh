#compdef stsx
# Completion of stsx for zsh.
_stsx_complete() {
    local -a answer
    local kind
    answer=("${(@f)$(command stsx complete zsh -- "$@" "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
    kind=${answer[1]-}
    shift answer
    case $kind in
        values)
            (($#answer)) && _describe -t values 'stsx' answer
            ;;
        files)
            _files
            ;;
        command)
            local index=${words[(i)--]}
            ((CURRENT -= index))
            shift index words
            _normal
            ;;
    esac
}
_stsx() { _stsx_complete stsx; }
if [[ ${funcstack[1]-} == _stsx ]]; then
    _stsx "$@"
elif ((${+functions[compdef]})); then
    compdef _stsx stsx
fi
