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
            STSX_CMD "${words[@]}" --renew SECONDS_LEFT || :
            _stsx_words=("${words[@]}")
        fi
    fi
    return "$status"
}
# A status other than 0 would cancel the command under `shopt -s extdebug`.
_stsx_preexec() { _stsx_refresh || :; }
# (Bash before 4.2 has to parse this too: no `[[ -v … ]]`.)
if ((BASH_VERSINFO[0] >= 5)); then
    if [[ ${PROMPT_COMMAND[*]-} != *_stsx_refresh* ]]; then
        # Last, since the others may look at PIPESTATUS. An array is not exported, so that this is nothing in
        # children that inherit PROMPT_COMMAND.
        if [[ -n ${PROMPT_COMMAND[1]-} ]]; then
            PROMPT_COMMAND+=('${_stsx_words+"_stsx_refresh"}')
        else
            PROMPT_COMMAND=${PROMPT_COMMAND:+$PROMPT_COMMAND$'\n'}'${_stsx_words+"_stsx_refresh"}'
        fi
    fi
    if [[ ${preexec_functions[*]-} != *_stsx_preexec* ]]; then
        preexec_functions+=(_stsx_preexec)
    fi
fi
