# New credentials before the prompt, and with bash-preexec before a command, when the role lives shorter.
_stsx_refresh() {
    local status=$? LC_ALL=C soon words
    # (A code that stood on the line is good once.)
    if [[ -n ${AWS_CREDENTIAL_EXPIRATION-} && -n ${_stsx_words[*]-} && ${_stsx_words[*]-} != *--mfa-code* ]] &&
        ((EPOCHSECONDS >= ${_stsx_next:-0})); then
        TZ=UTC0 printf -v soon '%(%Y-%m-%dT%H:%M:%SZ)T' "$((EPOCHSECONDS + SECONDS_LEFT))"
        if [[ $AWS_CREDENTIAL_EXPIRATION < $soon ]]; then
            # Not before each command, where none can be had that live longer.
            _stsx_next=$((EPOCHSECONDS + 60))
            words=("${_stsx_words[@]}")
            STSX_CMD "${words[@]}" --renew SECONDS_LEFT
            _stsx_words=("${words[@]}")
        fi
    fi
    return "$status"
}
if ((BASH_VERSINFO[0] >= 5)) && [[ " ${PROMPT_COMMAND[*]-} " != *_stsx_refresh* ]]; then
    if [[ -v PROMPT_COMMAND && ${PROMPT_COMMAND@a} == *a* ]]; then
        PROMPT_COMMAND=(_stsx_refresh "${PROMPT_COMMAND[@]}")
    else
        PROMPT_COMMAND="_stsx_refresh${PROMPT_COMMAND:+;$PROMPT_COMMAND}"
    fi
    preexec_functions+=(_stsx_refresh)
fi
