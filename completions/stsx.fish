# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_stsx_global_optspecs
    string join \n v/verbose error-format= h/help V/version
end

function __fish_stsx_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_stsx_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_stsx_using_subcommand
    set -l cmd (__fish_stsx_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c stsx -n "__fish_stsx_needs_command" -l error-format -d 'How errors are written to standard error' -r -f -a "text\t'Lines for people'
json\t'One JSON object for wrappers'"
complete -c stsx -n "__fish_stsx_needs_command" -s v -l verbose -d 'Say what is done; twice, with details (never secrets)'
complete -c stsx -n "__fish_stsx_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c stsx -n "__fish_stsx_needs_command" -s V -l version -d 'Print version'
complete -c stsx -n "__fish_stsx_needs_command" -f -a "assume" -d 'Print what makes this shell the role: eval $(stsx assume TARGET)'
complete -c stsx -n "__fish_stsx_needs_command" -f -a "credential-process" -d 'Answer as a `credential_process` of ~/.aws/config'
complete -c stsx -n "__fish_stsx_needs_command" -f -a "exec" -d 'Run one command as the role: stsx exec TARGET -- aws s3 ls'
complete -c stsx -n "__fish_stsx_needs_command" -f -a "login" -d 'Open the MFA session, and get the roles given, so that programs without a terminal find them'
complete -c stsx -n "__fish_stsx_needs_command" -f -a "logout" -d 'Forget the sessions and roles that are cached'
complete -c stsx -n "__fish_stsx_needs_command" -f -a "session" -d 'Print a session of the user (sts:GetSessionToken) for this shell'
complete -c stsx -n "__fish_stsx_needs_command" -f -a "federate" -d 'Print a federated user\'s credentials (sts:GetFederationToken) for this shell'
complete -c stsx -n "__fish_stsx_needs_command" -f -a "saml" -d 'Print a role\'s credentials for a SAML response (sts:AssumeRoleWithSAML)'
complete -c stsx -n "__fish_stsx_needs_command" -f -a "unset" -d 'Print what makes this shell the original identity again: eval $(stsx unset)'
complete -c stsx -n "__fish_stsx_needs_command" -f -a "whoami" -d 'Ask AWS who the current identity, or TARGET, is (sts:GetCallerIdentity)'
complete -c stsx -n "__fish_stsx_needs_command" -f -a "explain" -d 'Show, without any call, how TARGET would be reached and where each value comes from'
complete -c stsx -n "__fish_stsx_needs_command" -f -a "list" -d 'List the profiles and what each leads to'
complete -c stsx -n "__fish_stsx_needs_command" -f -a "cache" -d 'Look at the cached credentials, or remove them'
complete -c stsx -n "__fish_stsx_needs_command" -f -a "completions" -d 'Print the completion script of a shell'
complete -c stsx -n "__fish_stsx_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c stsx -n "__fish_stsx_using_subcommand assume" -l error-format -d 'How errors are written to standard error' -r -f -a "text\t'Lines for people'
json\t'One JSON object for wrappers'"
complete -c stsx -n "__fish_stsx_using_subcommand assume" -l profile -d 'Profile to start from' -r
complete -c stsx -n "__fish_stsx_using_subcommand assume" -l region -d 'Region of the STS call and of the exported credentials' -r
complete -c stsx -n "__fish_stsx_using_subcommand assume" -l expect-account -d 'Refuse to end in any other account than this one' -r
complete -c stsx -n "__fish_stsx_using_subcommand assume" -l min-ttl -d 'Renew credentials that live shorter than this' -r
complete -c stsx -n "__fish_stsx_using_subcommand assume" -l lock-timeout -d 'How long to wait for another stsx that gets the same credentials [default: 60s]' -r
complete -c stsx -n "__fish_stsx_using_subcommand assume" -l external-id -d 'External id that the role\'s trust policy asks for' -r
complete -c stsx -n "__fish_stsx_using_subcommand assume" -l duration -d 'Length of the role\'s session, 15m to 12h: 3600, 1h30m or PT1H [default: 1h]' -r
complete -c stsx -n "__fish_stsx_using_subcommand assume" -l session-name -d 'Name of the session, as CloudTrail shows it' -r
complete -c stsx -n "__fish_stsx_using_subcommand assume" -l source-identity -d 'Source identity, which stays with the session and all that come from it' -r
complete -c stsx -n "__fish_stsx_using_subcommand assume" -l web-identity-token-file -d 'Assume the role with this web identity token, `-` for standard input' -r -F
complete -c stsx -n "__fish_stsx_using_subcommand assume" -l policy -d 'Session policy: a file, or JSON' -r
complete -c stsx -n "__fish_stsx_using_subcommand assume" -l policy-arn -d 'Managed policy as session policy; repeat for more' -r
complete -c stsx -n "__fish_stsx_using_subcommand assume" -l tag -d 'Session tag; repeat for more' -r
complete -c stsx -n "__fish_stsx_using_subcommand assume" -l transitive-tag -d 'Key of a tag that goes on to the next role of a chain; repeat for more' -r
complete -c stsx -n "__fish_stsx_using_subcommand assume" -l mfa-serial -d 'Serial number or ARN of the MFA device' -r
complete -c stsx -n "__fish_stsx_using_subcommand assume" -l mfa-code -d 'Code of the MFA device; else `$STSX_MFA_CODE`, `mfa_process`, or a question on the terminal' -r
complete -c stsx -n "__fish_stsx_using_subcommand assume" -l mfa-max-age -d 'Ask for a code again for roles not cached when the session\'s code is older; 0: for each role' -r
complete -c stsx -n "__fish_stsx_using_subcommand assume" -l session-duration -d 'Length of the session that one code opens for all roles, 15m to 36h [default: 12h]' -r
complete -c stsx -n "__fish_stsx_using_subcommand assume" -l shell -d 'Shell to write for [default: the shell that runs stsx]' -r -f -a "sh\t'POSIX: bash, dash, zsh, ksh, mksh and their kin'
fish\t''
tcsh\t''
powershell\t''
cmd\t''
nushell\t''
elvish\t''
xonsh\t''"
complete -c stsx -n "__fish_stsx_using_subcommand assume" -l format -d 'Write a document instead of shell code' -r -f -a "json\t'One JSON object of environment variables'
env\t'NAME=value lines (dotenv)'
ini\t'A section for ~/.aws/credentials'
process\t'The answer of a `credential_process`'"
complete -c stsx -n "__fish_stsx_using_subcommand assume" -s v -l verbose -d 'Say what is done; twice, with details (never secrets)'
complete -c stsx -n "__fish_stsx_using_subcommand assume" -l no-cache -d 'Neither read nor write cached credentials'
complete -c stsx -n "__fish_stsx_using_subcommand assume" -l refresh -d 'Get new credentials even if the cached ones are fresh'
complete -c stsx -n "__fish_stsx_using_subcommand assume" -l read-only -d 'No more than the managed policy `ReadOnlyAccess` allows'
complete -c stsx -n "__fish_stsx_using_subcommand assume" -l mfa -d 'Use the user\'s MFA device, found by iam:ListMFADevices if no serial is configured'
complete -c stsx -n "__fish_stsx_using_subcommand assume" -l chain -d 'Start from the role this shell has assumed, not from the identity before it'
complete -c stsx -n "__fish_stsx_using_subcommand assume" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c stsx -n "__fish_stsx_using_subcommand credential-process" -l error-format -d 'How errors are written to standard error' -r -f -a "text\t'Lines for people'
json\t'One JSON object for wrappers'"
complete -c stsx -n "__fish_stsx_using_subcommand credential-process" -l profile -d 'Profile to start from' -r
complete -c stsx -n "__fish_stsx_using_subcommand credential-process" -l region -d 'Region of the STS call and of the exported credentials' -r
complete -c stsx -n "__fish_stsx_using_subcommand credential-process" -l expect-account -d 'Refuse to end in any other account than this one' -r
complete -c stsx -n "__fish_stsx_using_subcommand credential-process" -l min-ttl -d 'Renew credentials that live shorter than this' -r
complete -c stsx -n "__fish_stsx_using_subcommand credential-process" -l lock-timeout -d 'How long to wait for another stsx that gets the same credentials [default: 60s]' -r
complete -c stsx -n "__fish_stsx_using_subcommand credential-process" -l external-id -d 'External id that the role\'s trust policy asks for' -r
complete -c stsx -n "__fish_stsx_using_subcommand credential-process" -l duration -d 'Length of the role\'s session, 15m to 12h: 3600, 1h30m or PT1H [default: 1h]' -r
complete -c stsx -n "__fish_stsx_using_subcommand credential-process" -l session-name -d 'Name of the session, as CloudTrail shows it' -r
complete -c stsx -n "__fish_stsx_using_subcommand credential-process" -l source-identity -d 'Source identity, which stays with the session and all that come from it' -r
complete -c stsx -n "__fish_stsx_using_subcommand credential-process" -l web-identity-token-file -d 'Assume the role with this web identity token, `-` for standard input' -r -F
complete -c stsx -n "__fish_stsx_using_subcommand credential-process" -l policy -d 'Session policy: a file, or JSON' -r
complete -c stsx -n "__fish_stsx_using_subcommand credential-process" -l policy-arn -d 'Managed policy as session policy; repeat for more' -r
complete -c stsx -n "__fish_stsx_using_subcommand credential-process" -l tag -d 'Session tag; repeat for more' -r
complete -c stsx -n "__fish_stsx_using_subcommand credential-process" -l transitive-tag -d 'Key of a tag that goes on to the next role of a chain; repeat for more' -r
complete -c stsx -n "__fish_stsx_using_subcommand credential-process" -l mfa-serial -d 'Serial number or ARN of the MFA device' -r
complete -c stsx -n "__fish_stsx_using_subcommand credential-process" -l mfa-code -d 'Code of the MFA device; else `$STSX_MFA_CODE`, `mfa_process`, or a question on the terminal' -r
complete -c stsx -n "__fish_stsx_using_subcommand credential-process" -l mfa-max-age -d 'Ask for a code again for roles not cached when the session\'s code is older; 0: for each role' -r
complete -c stsx -n "__fish_stsx_using_subcommand credential-process" -l session-duration -d 'Length of the session that one code opens for all roles, 15m to 36h [default: 12h]' -r
complete -c stsx -n "__fish_stsx_using_subcommand credential-process" -s v -l verbose -d 'Say what is done; twice, with details (never secrets)'
complete -c stsx -n "__fish_stsx_using_subcommand credential-process" -l no-cache -d 'Neither read nor write cached credentials'
complete -c stsx -n "__fish_stsx_using_subcommand credential-process" -l refresh -d 'Get new credentials even if the cached ones are fresh'
complete -c stsx -n "__fish_stsx_using_subcommand credential-process" -l read-only -d 'No more than the managed policy `ReadOnlyAccess` allows'
complete -c stsx -n "__fish_stsx_using_subcommand credential-process" -l mfa -d 'Use the user\'s MFA device, found by iam:ListMFADevices if no serial is configured'
complete -c stsx -n "__fish_stsx_using_subcommand credential-process" -l chain -d 'Start from the role this shell has assumed, not from the identity before it'
complete -c stsx -n "__fish_stsx_using_subcommand credential-process" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c stsx -n "__fish_stsx_using_subcommand exec" -l error-format -d 'How errors are written to standard error' -r -f -a "text\t'Lines for people'
json\t'One JSON object for wrappers'"
complete -c stsx -n "__fish_stsx_using_subcommand exec" -l profile -d 'Profile to start from' -r
complete -c stsx -n "__fish_stsx_using_subcommand exec" -l region -d 'Region of the STS call and of the exported credentials' -r
complete -c stsx -n "__fish_stsx_using_subcommand exec" -l expect-account -d 'Refuse to end in any other account than this one' -r
complete -c stsx -n "__fish_stsx_using_subcommand exec" -l min-ttl -d 'Renew credentials that live shorter than this' -r
complete -c stsx -n "__fish_stsx_using_subcommand exec" -l lock-timeout -d 'How long to wait for another stsx that gets the same credentials [default: 60s]' -r
complete -c stsx -n "__fish_stsx_using_subcommand exec" -l external-id -d 'External id that the role\'s trust policy asks for' -r
complete -c stsx -n "__fish_stsx_using_subcommand exec" -l duration -d 'Length of the role\'s session, 15m to 12h: 3600, 1h30m or PT1H [default: 1h]' -r
complete -c stsx -n "__fish_stsx_using_subcommand exec" -l session-name -d 'Name of the session, as CloudTrail shows it' -r
complete -c stsx -n "__fish_stsx_using_subcommand exec" -l source-identity -d 'Source identity, which stays with the session and all that come from it' -r
complete -c stsx -n "__fish_stsx_using_subcommand exec" -l web-identity-token-file -d 'Assume the role with this web identity token, `-` for standard input' -r -F
complete -c stsx -n "__fish_stsx_using_subcommand exec" -l policy -d 'Session policy: a file, or JSON' -r
complete -c stsx -n "__fish_stsx_using_subcommand exec" -l policy-arn -d 'Managed policy as session policy; repeat for more' -r
complete -c stsx -n "__fish_stsx_using_subcommand exec" -l tag -d 'Session tag; repeat for more' -r
complete -c stsx -n "__fish_stsx_using_subcommand exec" -l transitive-tag -d 'Key of a tag that goes on to the next role of a chain; repeat for more' -r
complete -c stsx -n "__fish_stsx_using_subcommand exec" -l mfa-serial -d 'Serial number or ARN of the MFA device' -r
complete -c stsx -n "__fish_stsx_using_subcommand exec" -l mfa-code -d 'Code of the MFA device; else `$STSX_MFA_CODE`, `mfa_process`, or a question on the terminal' -r
complete -c stsx -n "__fish_stsx_using_subcommand exec" -l mfa-max-age -d 'Ask for a code again for roles not cached when the session\'s code is older; 0: for each role' -r
complete -c stsx -n "__fish_stsx_using_subcommand exec" -l session-duration -d 'Length of the session that one code opens for all roles, 15m to 36h [default: 12h]' -r
complete -c stsx -n "__fish_stsx_using_subcommand exec" -s v -l verbose -d 'Say what is done; twice, with details (never secrets)'
complete -c stsx -n "__fish_stsx_using_subcommand exec" -l no-cache -d 'Neither read nor write cached credentials'
complete -c stsx -n "__fish_stsx_using_subcommand exec" -l refresh -d 'Get new credentials even if the cached ones are fresh'
complete -c stsx -n "__fish_stsx_using_subcommand exec" -l read-only -d 'No more than the managed policy `ReadOnlyAccess` allows'
complete -c stsx -n "__fish_stsx_using_subcommand exec" -l mfa -d 'Use the user\'s MFA device, found by iam:ListMFADevices if no serial is configured'
complete -c stsx -n "__fish_stsx_using_subcommand exec" -l chain -d 'Start from the role this shell has assumed, not from the identity before it'
complete -c stsx -n "__fish_stsx_using_subcommand exec" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c stsx -n "__fish_stsx_using_subcommand login" -l error-format -d 'How errors are written to standard error' -r -f -a "text\t'Lines for people'
json\t'One JSON object for wrappers'"
complete -c stsx -n "__fish_stsx_using_subcommand login" -l profile -d 'Profile to start from' -r
complete -c stsx -n "__fish_stsx_using_subcommand login" -l region -d 'Region of the STS call and of the exported credentials' -r
complete -c stsx -n "__fish_stsx_using_subcommand login" -l expect-account -d 'Refuse to end in any other account than this one' -r
complete -c stsx -n "__fish_stsx_using_subcommand login" -l min-ttl -d 'Renew credentials that live shorter than this' -r
complete -c stsx -n "__fish_stsx_using_subcommand login" -l lock-timeout -d 'How long to wait for another stsx that gets the same credentials [default: 60s]' -r
complete -c stsx -n "__fish_stsx_using_subcommand login" -l external-id -d 'External id that the role\'s trust policy asks for' -r
complete -c stsx -n "__fish_stsx_using_subcommand login" -l duration -d 'Length of the role\'s session, 15m to 12h: 3600, 1h30m or PT1H [default: 1h]' -r
complete -c stsx -n "__fish_stsx_using_subcommand login" -l session-name -d 'Name of the session, as CloudTrail shows it' -r
complete -c stsx -n "__fish_stsx_using_subcommand login" -l source-identity -d 'Source identity, which stays with the session and all that come from it' -r
complete -c stsx -n "__fish_stsx_using_subcommand login" -l web-identity-token-file -d 'Assume the role with this web identity token, `-` for standard input' -r -F
complete -c stsx -n "__fish_stsx_using_subcommand login" -l policy -d 'Session policy: a file, or JSON' -r
complete -c stsx -n "__fish_stsx_using_subcommand login" -l policy-arn -d 'Managed policy as session policy; repeat for more' -r
complete -c stsx -n "__fish_stsx_using_subcommand login" -l tag -d 'Session tag; repeat for more' -r
complete -c stsx -n "__fish_stsx_using_subcommand login" -l transitive-tag -d 'Key of a tag that goes on to the next role of a chain; repeat for more' -r
complete -c stsx -n "__fish_stsx_using_subcommand login" -l mfa-serial -d 'Serial number or ARN of the MFA device' -r
complete -c stsx -n "__fish_stsx_using_subcommand login" -l mfa-code -d 'Code of the MFA device; else `$STSX_MFA_CODE`, `mfa_process`, or a question on the terminal' -r
complete -c stsx -n "__fish_stsx_using_subcommand login" -l mfa-max-age -d 'Ask for a code again for roles not cached when the session\'s code is older; 0: for each role' -r
complete -c stsx -n "__fish_stsx_using_subcommand login" -l session-duration -d 'Length of the session that one code opens for all roles, 15m to 36h [default: 12h]' -r
complete -c stsx -n "__fish_stsx_using_subcommand login" -s v -l verbose -d 'Say what is done; twice, with details (never secrets)'
complete -c stsx -n "__fish_stsx_using_subcommand login" -l no-cache -d 'Neither read nor write cached credentials'
complete -c stsx -n "__fish_stsx_using_subcommand login" -l refresh -d 'Get new credentials even if the cached ones are fresh'
complete -c stsx -n "__fish_stsx_using_subcommand login" -l read-only -d 'No more than the managed policy `ReadOnlyAccess` allows'
complete -c stsx -n "__fish_stsx_using_subcommand login" -l mfa -d 'Use the user\'s MFA device, found by iam:ListMFADevices if no serial is configured'
complete -c stsx -n "__fish_stsx_using_subcommand login" -l chain -d 'Start from the role this shell has assumed, not from the identity before it'
complete -c stsx -n "__fish_stsx_using_subcommand login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c stsx -n "__fish_stsx_using_subcommand logout" -l error-format -d 'How errors are written to standard error' -r -f -a "text\t'Lines for people'
json\t'One JSON object for wrappers'"
complete -c stsx -n "__fish_stsx_using_subcommand logout" -s v -l verbose -d 'Say what is done; twice, with details (never secrets)'
complete -c stsx -n "__fish_stsx_using_subcommand logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c stsx -n "__fish_stsx_using_subcommand session" -l error-format -d 'How errors are written to standard error' -r -f -a "text\t'Lines for people'
json\t'One JSON object for wrappers'"
complete -c stsx -n "__fish_stsx_using_subcommand session" -l duration -d 'Length of the session, 15m to 36h; the session is then not shared with others' -r
complete -c stsx -n "__fish_stsx_using_subcommand session" -l profile -d 'Profile to start from' -r
complete -c stsx -n "__fish_stsx_using_subcommand session" -l region -d 'Region of the STS call and of the exported credentials' -r
complete -c stsx -n "__fish_stsx_using_subcommand session" -l expect-account -d 'Refuse to end in any other account than this one' -r
complete -c stsx -n "__fish_stsx_using_subcommand session" -l min-ttl -d 'Renew credentials that live shorter than this' -r
complete -c stsx -n "__fish_stsx_using_subcommand session" -l lock-timeout -d 'How long to wait for another stsx that gets the same credentials [default: 60s]' -r
complete -c stsx -n "__fish_stsx_using_subcommand session" -l mfa-serial -d 'Serial number or ARN of the MFA device' -r
complete -c stsx -n "__fish_stsx_using_subcommand session" -l mfa-code -d 'Code of the MFA device; else `$STSX_MFA_CODE`, `mfa_process`, or a question on the terminal' -r
complete -c stsx -n "__fish_stsx_using_subcommand session" -l mfa-max-age -d 'Ask for a code again for roles not cached when the session\'s code is older; 0: for each role' -r
complete -c stsx -n "__fish_stsx_using_subcommand session" -l session-duration -d 'Length of the session that one code opens for all roles, 15m to 36h [default: 12h]' -r
complete -c stsx -n "__fish_stsx_using_subcommand session" -l shell -d 'Shell to write for [default: the shell that runs stsx]' -r -f -a "sh\t'POSIX: bash, dash, zsh, ksh, mksh and their kin'
fish\t''
tcsh\t''
powershell\t''
cmd\t''
nushell\t''
elvish\t''
xonsh\t''"
complete -c stsx -n "__fish_stsx_using_subcommand session" -l format -d 'Write a document instead of shell code' -r -f -a "json\t'One JSON object of environment variables'
env\t'NAME=value lines (dotenv)'
ini\t'A section for ~/.aws/credentials'
process\t'The answer of a `credential_process`'"
complete -c stsx -n "__fish_stsx_using_subcommand session" -s v -l verbose -d 'Say what is done; twice, with details (never secrets)'
complete -c stsx -n "__fish_stsx_using_subcommand session" -l no-cache -d 'Neither read nor write cached credentials'
complete -c stsx -n "__fish_stsx_using_subcommand session" -l refresh -d 'Get new credentials even if the cached ones are fresh'
complete -c stsx -n "__fish_stsx_using_subcommand session" -l mfa -d 'Use the user\'s MFA device, found by iam:ListMFADevices if no serial is configured'
complete -c stsx -n "__fish_stsx_using_subcommand session" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c stsx -n "__fish_stsx_using_subcommand federate" -l error-format -d 'How errors are written to standard error' -r -f -a "text\t'Lines for people'
json\t'One JSON object for wrappers'"
complete -c stsx -n "__fish_stsx_using_subcommand federate" -l duration -d 'Length of the session, 15m to 36h [default: 12h]' -r
complete -c stsx -n "__fish_stsx_using_subcommand federate" -l profile -d 'Profile to start from' -r
complete -c stsx -n "__fish_stsx_using_subcommand federate" -l region -d 'Region of the STS call and of the exported credentials' -r
complete -c stsx -n "__fish_stsx_using_subcommand federate" -l expect-account -d 'Refuse to end in any other account than this one' -r
complete -c stsx -n "__fish_stsx_using_subcommand federate" -l min-ttl -d 'Renew credentials that live shorter than this' -r
complete -c stsx -n "__fish_stsx_using_subcommand federate" -l lock-timeout -d 'How long to wait for another stsx that gets the same credentials [default: 60s]' -r
complete -c stsx -n "__fish_stsx_using_subcommand federate" -l policy -d 'Session policy: a file, or JSON' -r
complete -c stsx -n "__fish_stsx_using_subcommand federate" -l policy-arn -d 'Managed policy as session policy; repeat for more' -r
complete -c stsx -n "__fish_stsx_using_subcommand federate" -l tag -d 'Session tag; repeat for more' -r
complete -c stsx -n "__fish_stsx_using_subcommand federate" -l shell -d 'Shell to write for [default: the shell that runs stsx]' -r -f -a "sh\t'POSIX: bash, dash, zsh, ksh, mksh and their kin'
fish\t''
tcsh\t''
powershell\t''
cmd\t''
nushell\t''
elvish\t''
xonsh\t''"
complete -c stsx -n "__fish_stsx_using_subcommand federate" -l format -d 'Write a document instead of shell code' -r -f -a "json\t'One JSON object of environment variables'
env\t'NAME=value lines (dotenv)'
ini\t'A section for ~/.aws/credentials'
process\t'The answer of a `credential_process`'"
complete -c stsx -n "__fish_stsx_using_subcommand federate" -s v -l verbose -d 'Say what is done; twice, with details (never secrets)'
complete -c stsx -n "__fish_stsx_using_subcommand federate" -l no-cache -d 'Neither read nor write cached credentials'
complete -c stsx -n "__fish_stsx_using_subcommand federate" -l refresh -d 'Get new credentials even if the cached ones are fresh'
complete -c stsx -n "__fish_stsx_using_subcommand federate" -l read-only -d 'No more than the managed policy `ReadOnlyAccess` allows'
complete -c stsx -n "__fish_stsx_using_subcommand federate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c stsx -n "__fish_stsx_using_subcommand saml" -l error-format -d 'How errors are written to standard error' -r -f -a "text\t'Lines for people'
json\t'One JSON object for wrappers'"
complete -c stsx -n "__fish_stsx_using_subcommand saml" -l assertion -d 'Response of the SAML provider (base64 or XML): a file, or `-` for standard input' -r -F
complete -c stsx -n "__fish_stsx_using_subcommand saml" -l role -d 'Which of its roles, if there are several: ARN, NAME or ACCOUNT:NAME' -r
complete -c stsx -n "__fish_stsx_using_subcommand saml" -l provider -d 'The role\'s SAML provider in IAM, if there are several, or the response is encrypted' -r
complete -c stsx -n "__fish_stsx_using_subcommand saml" -l duration -d 'Length of the session, 15m to 12h [default: what the response says, else 1h]' -r
complete -c stsx -n "__fish_stsx_using_subcommand saml" -l region -d 'Region of the STS call and of the exported credentials' -r
complete -c stsx -n "__fish_stsx_using_subcommand saml" -l expect-account -d 'Refuse to end in any other account than this one' -r
complete -c stsx -n "__fish_stsx_using_subcommand saml" -l min-ttl -d 'Renew credentials that live shorter than this' -r
complete -c stsx -n "__fish_stsx_using_subcommand saml" -l lock-timeout -d 'How long to wait for another stsx that gets the same credentials [default: 60s]' -r
complete -c stsx -n "__fish_stsx_using_subcommand saml" -l policy -d 'Session policy: a file, or JSON' -r
complete -c stsx -n "__fish_stsx_using_subcommand saml" -l policy-arn -d 'Managed policy as session policy; repeat for more' -r
complete -c stsx -n "__fish_stsx_using_subcommand saml" -l shell -d 'Shell to write for [default: the shell that runs stsx]' -r -f -a "sh\t'POSIX: bash, dash, zsh, ksh, mksh and their kin'
fish\t''
tcsh\t''
powershell\t''
cmd\t''
nushell\t''
elvish\t''
xonsh\t''"
complete -c stsx -n "__fish_stsx_using_subcommand saml" -l format -d 'Write a document instead of shell code' -r -f -a "json\t'One JSON object of environment variables'
env\t'NAME=value lines (dotenv)'
ini\t'A section for ~/.aws/credentials'
process\t'The answer of a `credential_process`'"
complete -c stsx -n "__fish_stsx_using_subcommand saml" -l profile -d 'Profile to start from' -r
complete -c stsx -n "__fish_stsx_using_subcommand saml" -l tag -d 'Session tag; repeat for more' -r
complete -c stsx -n "__fish_stsx_using_subcommand saml" -s v -l verbose -d 'Say what is done; twice, with details (never secrets)'
complete -c stsx -n "__fish_stsx_using_subcommand saml" -l list -d 'Print the roles that it opens, and call nothing'
complete -c stsx -n "__fish_stsx_using_subcommand saml" -l no-cache -d 'Neither read nor write cached credentials'
complete -c stsx -n "__fish_stsx_using_subcommand saml" -l refresh -d 'Get new credentials even if the cached ones are fresh'
complete -c stsx -n "__fish_stsx_using_subcommand saml" -l read-only -d 'No more than the managed policy `ReadOnlyAccess` allows'
complete -c stsx -n "__fish_stsx_using_subcommand saml" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c stsx -n "__fish_stsx_using_subcommand unset" -l error-format -d 'How errors are written to standard error' -r -f -a "text\t'Lines for people'
json\t'One JSON object for wrappers'"
complete -c stsx -n "__fish_stsx_using_subcommand unset" -l shell -d 'Shell to write for [default: the shell that runs stsx]' -r -f -a "sh\t'POSIX: bash, dash, zsh, ksh, mksh and their kin'
fish\t''
tcsh\t''
powershell\t''
cmd\t''
nushell\t''
elvish\t''
xonsh\t''"
complete -c stsx -n "__fish_stsx_using_subcommand unset" -s v -l verbose -d 'Say what is done; twice, with details (never secrets)'
complete -c stsx -n "__fish_stsx_using_subcommand unset" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c stsx -n "__fish_stsx_using_subcommand whoami" -l error-format -d 'How errors are written to standard error' -r -f -a "text\t'Lines for people'
json\t'One JSON object for wrappers'"
complete -c stsx -n "__fish_stsx_using_subcommand whoami" -l profile -d 'Profile to start from' -r
complete -c stsx -n "__fish_stsx_using_subcommand whoami" -l region -d 'Region of the STS call and of the exported credentials' -r
complete -c stsx -n "__fish_stsx_using_subcommand whoami" -l expect-account -d 'Refuse to end in any other account than this one' -r
complete -c stsx -n "__fish_stsx_using_subcommand whoami" -l min-ttl -d 'Renew credentials that live shorter than this' -r
complete -c stsx -n "__fish_stsx_using_subcommand whoami" -l lock-timeout -d 'How long to wait for another stsx that gets the same credentials [default: 60s]' -r
complete -c stsx -n "__fish_stsx_using_subcommand whoami" -l external-id -d 'External id that the role\'s trust policy asks for' -r
complete -c stsx -n "__fish_stsx_using_subcommand whoami" -l duration -d 'Length of the role\'s session, 15m to 12h: 3600, 1h30m or PT1H [default: 1h]' -r
complete -c stsx -n "__fish_stsx_using_subcommand whoami" -l session-name -d 'Name of the session, as CloudTrail shows it' -r
complete -c stsx -n "__fish_stsx_using_subcommand whoami" -l source-identity -d 'Source identity, which stays with the session and all that come from it' -r
complete -c stsx -n "__fish_stsx_using_subcommand whoami" -l web-identity-token-file -d 'Assume the role with this web identity token, `-` for standard input' -r -F
complete -c stsx -n "__fish_stsx_using_subcommand whoami" -l policy -d 'Session policy: a file, or JSON' -r
complete -c stsx -n "__fish_stsx_using_subcommand whoami" -l policy-arn -d 'Managed policy as session policy; repeat for more' -r
complete -c stsx -n "__fish_stsx_using_subcommand whoami" -l tag -d 'Session tag; repeat for more' -r
complete -c stsx -n "__fish_stsx_using_subcommand whoami" -l transitive-tag -d 'Key of a tag that goes on to the next role of a chain; repeat for more' -r
complete -c stsx -n "__fish_stsx_using_subcommand whoami" -l mfa-serial -d 'Serial number or ARN of the MFA device' -r
complete -c stsx -n "__fish_stsx_using_subcommand whoami" -l mfa-code -d 'Code of the MFA device; else `$STSX_MFA_CODE`, `mfa_process`, or a question on the terminal' -r
complete -c stsx -n "__fish_stsx_using_subcommand whoami" -l mfa-max-age -d 'Ask for a code again for roles not cached when the session\'s code is older; 0: for each role' -r
complete -c stsx -n "__fish_stsx_using_subcommand whoami" -l session-duration -d 'Length of the session that one code opens for all roles, 15m to 36h [default: 12h]' -r
complete -c stsx -n "__fish_stsx_using_subcommand whoami" -l format -d 'For people, or with the AWS CLI\'s keys' -r -f -a "text\t'For people'
json\t'For programs'"
complete -c stsx -n "__fish_stsx_using_subcommand whoami" -s v -l verbose -d 'Say what is done; twice, with details (never secrets)'
complete -c stsx -n "__fish_stsx_using_subcommand whoami" -l no-cache -d 'Neither read nor write cached credentials'
complete -c stsx -n "__fish_stsx_using_subcommand whoami" -l refresh -d 'Get new credentials even if the cached ones are fresh'
complete -c stsx -n "__fish_stsx_using_subcommand whoami" -l read-only -d 'No more than the managed policy `ReadOnlyAccess` allows'
complete -c stsx -n "__fish_stsx_using_subcommand whoami" -l mfa -d 'Use the user\'s MFA device, found by iam:ListMFADevices if no serial is configured'
complete -c stsx -n "__fish_stsx_using_subcommand whoami" -l chain -d 'Start from the role this shell has assumed, not from the identity before it'
complete -c stsx -n "__fish_stsx_using_subcommand whoami" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c stsx -n "__fish_stsx_using_subcommand explain" -l error-format -d 'How errors are written to standard error' -r -f -a "text\t'Lines for people'
json\t'One JSON object for wrappers'"
complete -c stsx -n "__fish_stsx_using_subcommand explain" -l profile -d 'Profile to start from' -r
complete -c stsx -n "__fish_stsx_using_subcommand explain" -l region -d 'Region of the STS call and of the exported credentials' -r
complete -c stsx -n "__fish_stsx_using_subcommand explain" -l expect-account -d 'Refuse to end in any other account than this one' -r
complete -c stsx -n "__fish_stsx_using_subcommand explain" -l min-ttl -d 'Renew credentials that live shorter than this' -r
complete -c stsx -n "__fish_stsx_using_subcommand explain" -l lock-timeout -d 'How long to wait for another stsx that gets the same credentials [default: 60s]' -r
complete -c stsx -n "__fish_stsx_using_subcommand explain" -l external-id -d 'External id that the role\'s trust policy asks for' -r
complete -c stsx -n "__fish_stsx_using_subcommand explain" -l duration -d 'Length of the role\'s session, 15m to 12h: 3600, 1h30m or PT1H [default: 1h]' -r
complete -c stsx -n "__fish_stsx_using_subcommand explain" -l session-name -d 'Name of the session, as CloudTrail shows it' -r
complete -c stsx -n "__fish_stsx_using_subcommand explain" -l source-identity -d 'Source identity, which stays with the session and all that come from it' -r
complete -c stsx -n "__fish_stsx_using_subcommand explain" -l web-identity-token-file -d 'Assume the role with this web identity token, `-` for standard input' -r -F
complete -c stsx -n "__fish_stsx_using_subcommand explain" -l policy -d 'Session policy: a file, or JSON' -r
complete -c stsx -n "__fish_stsx_using_subcommand explain" -l policy-arn -d 'Managed policy as session policy; repeat for more' -r
complete -c stsx -n "__fish_stsx_using_subcommand explain" -l tag -d 'Session tag; repeat for more' -r
complete -c stsx -n "__fish_stsx_using_subcommand explain" -l transitive-tag -d 'Key of a tag that goes on to the next role of a chain; repeat for more' -r
complete -c stsx -n "__fish_stsx_using_subcommand explain" -l mfa-serial -d 'Serial number or ARN of the MFA device' -r
complete -c stsx -n "__fish_stsx_using_subcommand explain" -l mfa-code -d 'Code of the MFA device; else `$STSX_MFA_CODE`, `mfa_process`, or a question on the terminal' -r
complete -c stsx -n "__fish_stsx_using_subcommand explain" -l mfa-max-age -d 'Ask for a code again for roles not cached when the session\'s code is older; 0: for each role' -r
complete -c stsx -n "__fish_stsx_using_subcommand explain" -l session-duration -d 'Length of the session that one code opens for all roles, 15m to 36h [default: 12h]' -r
complete -c stsx -n "__fish_stsx_using_subcommand explain" -l format -d 'For people, or for programs' -r -f -a "text\t'For people'
json\t'For programs'"
complete -c stsx -n "__fish_stsx_using_subcommand explain" -s v -l verbose -d 'Say what is done; twice, with details (never secrets)'
complete -c stsx -n "__fish_stsx_using_subcommand explain" -l no-cache -d 'Neither read nor write cached credentials'
complete -c stsx -n "__fish_stsx_using_subcommand explain" -l refresh -d 'Get new credentials even if the cached ones are fresh'
complete -c stsx -n "__fish_stsx_using_subcommand explain" -l read-only -d 'No more than the managed policy `ReadOnlyAccess` allows'
complete -c stsx -n "__fish_stsx_using_subcommand explain" -l mfa -d 'Use the user\'s MFA device, found by iam:ListMFADevices if no serial is configured'
complete -c stsx -n "__fish_stsx_using_subcommand explain" -l chain -d 'Start from the role this shell has assumed, not from the identity before it'
complete -c stsx -n "__fish_stsx_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c stsx -n "__fish_stsx_using_subcommand list" -l error-format -d 'How errors are written to standard error' -r -f -a "text\t'Lines for people'
json\t'One JSON object for wrappers'"
complete -c stsx -n "__fish_stsx_using_subcommand list" -l format -d 'For people, or for programs' -r -f -a "text\t'For people'
json\t'For programs'"
complete -c stsx -n "__fish_stsx_using_subcommand list" -s v -l verbose -d 'Say what is done; twice, with details (never secrets)'
complete -c stsx -n "__fish_stsx_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c stsx -n "__fish_stsx_using_subcommand cache; and not __fish_seen_subcommand_from list clear help" -l error-format -d 'How errors are written to standard error' -r -f -a "text\t'Lines for people'
json\t'One JSON object for wrappers'"
complete -c stsx -n "__fish_stsx_using_subcommand cache; and not __fish_seen_subcommand_from list clear help" -s v -l verbose -d 'Say what is done; twice, with details (never secrets)'
complete -c stsx -n "__fish_stsx_using_subcommand cache; and not __fish_seen_subcommand_from list clear help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c stsx -n "__fish_stsx_using_subcommand cache; and not __fish_seen_subcommand_from list clear help" -f -a "list" -d 'List the cached credentials: whose they are and how long they live'
complete -c stsx -n "__fish_stsx_using_subcommand cache; and not __fish_seen_subcommand_from list clear help" -f -a "clear" -d 'Remove cached credentials: all of them, those of TARGET, or the expired ones'
complete -c stsx -n "__fish_stsx_using_subcommand cache; and not __fish_seen_subcommand_from list clear help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c stsx -n "__fish_stsx_using_subcommand cache; and __fish_seen_subcommand_from list" -l format -d 'For people, or for programs' -r -f -a "text\t'For people'
json\t'For programs'"
complete -c stsx -n "__fish_stsx_using_subcommand cache; and __fish_seen_subcommand_from list" -l error-format -d 'How errors are written to standard error' -r -f -a "text\t'Lines for people'
json\t'One JSON object for wrappers'"
complete -c stsx -n "__fish_stsx_using_subcommand cache; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say what is done; twice, with details (never secrets)'
complete -c stsx -n "__fish_stsx_using_subcommand cache; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c stsx -n "__fish_stsx_using_subcommand cache; and __fish_seen_subcommand_from clear" -l error-format -d 'How errors are written to standard error' -r -f -a "text\t'Lines for people'
json\t'One JSON object for wrappers'"
complete -c stsx -n "__fish_stsx_using_subcommand cache; and __fish_seen_subcommand_from clear" -l expired -d 'Only what has expired'
complete -c stsx -n "__fish_stsx_using_subcommand cache; and __fish_seen_subcommand_from clear" -s v -l verbose -d 'Say what is done; twice, with details (never secrets)'
complete -c stsx -n "__fish_stsx_using_subcommand cache; and __fish_seen_subcommand_from clear" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c stsx -n "__fish_stsx_using_subcommand cache; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the cached credentials: whose they are and how long they live'
complete -c stsx -n "__fish_stsx_using_subcommand cache; and __fish_seen_subcommand_from help" -f -a "clear" -d 'Remove cached credentials: all of them, those of TARGET, or the expired ones'
complete -c stsx -n "__fish_stsx_using_subcommand cache; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c stsx -n "__fish_stsx_using_subcommand completions" -l error-format -d 'How errors are written to standard error' -r -f -a "text\t'Lines for people'
json\t'One JSON object for wrappers'"
complete -c stsx -n "__fish_stsx_using_subcommand completions" -s v -l verbose -d 'Say what is done; twice, with details (never secrets)'
complete -c stsx -n "__fish_stsx_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c stsx -n "__fish_stsx_using_subcommand help; and not __fish_seen_subcommand_from assume credential-process exec login logout session federate saml unset whoami explain list cache completions help" -f -a "assume" -d 'Print what makes this shell the role: eval $(stsx assume TARGET)'
complete -c stsx -n "__fish_stsx_using_subcommand help; and not __fish_seen_subcommand_from assume credential-process exec login logout session federate saml unset whoami explain list cache completions help" -f -a "credential-process" -d 'Answer as a `credential_process` of ~/.aws/config'
complete -c stsx -n "__fish_stsx_using_subcommand help; and not __fish_seen_subcommand_from assume credential-process exec login logout session federate saml unset whoami explain list cache completions help" -f -a "exec" -d 'Run one command as the role: stsx exec TARGET -- aws s3 ls'
complete -c stsx -n "__fish_stsx_using_subcommand help; and not __fish_seen_subcommand_from assume credential-process exec login logout session federate saml unset whoami explain list cache completions help" -f -a "login" -d 'Open the MFA session, and get the roles given, so that programs without a terminal find them'
complete -c stsx -n "__fish_stsx_using_subcommand help; and not __fish_seen_subcommand_from assume credential-process exec login logout session federate saml unset whoami explain list cache completions help" -f -a "logout" -d 'Forget the sessions and roles that are cached'
complete -c stsx -n "__fish_stsx_using_subcommand help; and not __fish_seen_subcommand_from assume credential-process exec login logout session federate saml unset whoami explain list cache completions help" -f -a "session" -d 'Print a session of the user (sts:GetSessionToken) for this shell'
complete -c stsx -n "__fish_stsx_using_subcommand help; and not __fish_seen_subcommand_from assume credential-process exec login logout session federate saml unset whoami explain list cache completions help" -f -a "federate" -d 'Print a federated user\'s credentials (sts:GetFederationToken) for this shell'
complete -c stsx -n "__fish_stsx_using_subcommand help; and not __fish_seen_subcommand_from assume credential-process exec login logout session federate saml unset whoami explain list cache completions help" -f -a "saml" -d 'Print a role\'s credentials for a SAML response (sts:AssumeRoleWithSAML)'
complete -c stsx -n "__fish_stsx_using_subcommand help; and not __fish_seen_subcommand_from assume credential-process exec login logout session federate saml unset whoami explain list cache completions help" -f -a "unset" -d 'Print what makes this shell the original identity again: eval $(stsx unset)'
complete -c stsx -n "__fish_stsx_using_subcommand help; and not __fish_seen_subcommand_from assume credential-process exec login logout session federate saml unset whoami explain list cache completions help" -f -a "whoami" -d 'Ask AWS who the current identity, or TARGET, is (sts:GetCallerIdentity)'
complete -c stsx -n "__fish_stsx_using_subcommand help; and not __fish_seen_subcommand_from assume credential-process exec login logout session federate saml unset whoami explain list cache completions help" -f -a "explain" -d 'Show, without any call, how TARGET would be reached and where each value comes from'
complete -c stsx -n "__fish_stsx_using_subcommand help; and not __fish_seen_subcommand_from assume credential-process exec login logout session federate saml unset whoami explain list cache completions help" -f -a "list" -d 'List the profiles and what each leads to'
complete -c stsx -n "__fish_stsx_using_subcommand help; and not __fish_seen_subcommand_from assume credential-process exec login logout session federate saml unset whoami explain list cache completions help" -f -a "cache" -d 'Look at the cached credentials, or remove them'
complete -c stsx -n "__fish_stsx_using_subcommand help; and not __fish_seen_subcommand_from assume credential-process exec login logout session federate saml unset whoami explain list cache completions help" -f -a "completions" -d 'Print the completion script of a shell'
complete -c stsx -n "__fish_stsx_using_subcommand help; and not __fish_seen_subcommand_from assume credential-process exec login logout session federate saml unset whoami explain list cache completions help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
