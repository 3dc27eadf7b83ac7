# New credentials before a command when the role lives shorter.
\builtin zmodload zsh/datetime
_stsx_refresh() {
    \builtin emulate -L zsh
    \builtin local soon
    \builtin local -a words
    # (A code that stood on the line is good once.)
    if [[ -n ${AWS_CREDENTIAL_EXPIRATION-} && -n ${_stsx_words-} && "${_stsx_words-}" != *--mfa-code* ]] &&
        ((EPOCHSECONDS >= ${_stsx_next:-0})); then
        TZ=UTC0 \builtin strftime -s soon '%Y-%m-%dT%H:%M:%SZ' $((EPOCHSECONDS + SECONDS_LEFT))
        if [[ $AWS_CREDENTIAL_EXPIRATION < $soon ]]; then
            # Not before each command, where none can be had that live longer.
            \builtin typeset -g _stsx_next=$((EPOCHSECONDS + 60))
            words=("${_stsx_words[@]}")
            STSX_CMD "${words[@]}" --renew SECONDS_LEFT || \builtin :
            _stsx_words=("${words[@]}")
        fi
    fi
}
\builtin typeset -gaU preexec_functions
preexec_functions+=(_stsx_refresh)
