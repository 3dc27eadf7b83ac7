
use builtin;
use str;

set edit:completion:arg-completer[stsx] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'stsx'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'stsx'= {
            cand --error-format 'How errors are written to standard error'
            cand -v 'Say what is done; twice, with details (never secrets)'
            cand --verbose 'Say what is done; twice, with details (never secrets)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand assume 'Print what makes this shell the role: eval $(stsx assume TARGET)'
            cand credential-process 'Answer as a `credential_process` of ~/.aws/config'
            cand exec 'Run one command as the role: stsx exec TARGET -- aws s3 ls'
            cand login 'Open the MFA session, and get the roles given, so that programs without a terminal find them'
            cand logout 'Forget the sessions and roles that are cached'
            cand session 'Print a session of the user (sts:GetSessionToken) for this shell'
            cand federate 'Print a federated user''s credentials (sts:GetFederationToken) for this shell'
            cand saml 'Print a role''s credentials for a SAML response (sts:AssumeRoleWithSAML)'
            cand unset 'Print what makes this shell the original identity again: eval $(stsx unset)'
            cand whoami 'Ask AWS who the current identity, or TARGET, is (sts:GetCallerIdentity)'
            cand explain 'Show, without any call, how TARGET would be reached and where each value comes from'
            cand list 'List the profiles and what each leads to'
            cand cache 'Look at the cached credentials, or remove them'
            cand completions 'Print the completion script of a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'stsx;assume'= {
            cand --error-format 'How errors are written to standard error'
            cand --profile 'Profile to start from'
            cand --region 'Region of the STS call and of the exported credentials'
            cand --expect-account 'Refuse to end in any other account than this one'
            cand --min-ttl 'Renew credentials that live shorter than this'
            cand --lock-timeout 'How long to wait for another stsx that gets the same credentials [default: 60s]'
            cand --external-id 'External id that the role''s trust policy asks for'
            cand --duration 'Length of the role''s session, 15m to 12h: 3600, 1h30m or PT1H [default: 1h]'
            cand --session-name 'Name of the session, as CloudTrail shows it'
            cand --source-identity 'Source identity, which stays with the session and all that come from it'
            cand --web-identity-token-file 'Assume the role with this web identity token, `-` for standard input'
            cand --policy 'Session policy: a file, or JSON'
            cand --policy-arn 'Managed policy as session policy; repeat for more'
            cand --tag 'Session tag; repeat for more'
            cand --transitive-tag 'Key of a tag that goes on to the next role of a chain; repeat for more'
            cand --mfa-serial 'Serial number or ARN of the MFA device'
            cand --mfa-code 'Code of the MFA device; else `$STSX_MFA_CODE`, `mfa_process`, or a question on the terminal'
            cand --mfa-max-age 'Ask for a code again for roles not cached when the session''s code is older; 0: for each role'
            cand --session-duration 'Length of the session that one code opens for all roles, 15m to 36h [default: 12h]'
            cand --shell 'Shell to write for [default: the shell that runs stsx]'
            cand --format 'Write a document instead of shell code'
            cand -v 'Say what is done; twice, with details (never secrets)'
            cand --verbose 'Say what is done; twice, with details (never secrets)'
            cand --no-cache 'Neither read nor write cached credentials'
            cand --refresh 'Get new credentials even if the cached ones are fresh'
            cand --read-only 'No more than the managed policy `ReadOnlyAccess` allows'
            cand --mfa 'Use the user''s MFA device, found by iam:ListMFADevices if no serial is configured'
            cand --chain 'Start from the role this shell has assumed, not from the identity before it'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'stsx;credential-process'= {
            cand --error-format 'How errors are written to standard error'
            cand --profile 'Profile to start from'
            cand --region 'Region of the STS call and of the exported credentials'
            cand --expect-account 'Refuse to end in any other account than this one'
            cand --min-ttl 'Renew credentials that live shorter than this'
            cand --lock-timeout 'How long to wait for another stsx that gets the same credentials [default: 60s]'
            cand --external-id 'External id that the role''s trust policy asks for'
            cand --duration 'Length of the role''s session, 15m to 12h: 3600, 1h30m or PT1H [default: 1h]'
            cand --session-name 'Name of the session, as CloudTrail shows it'
            cand --source-identity 'Source identity, which stays with the session and all that come from it'
            cand --web-identity-token-file 'Assume the role with this web identity token, `-` for standard input'
            cand --policy 'Session policy: a file, or JSON'
            cand --policy-arn 'Managed policy as session policy; repeat for more'
            cand --tag 'Session tag; repeat for more'
            cand --transitive-tag 'Key of a tag that goes on to the next role of a chain; repeat for more'
            cand --mfa-serial 'Serial number or ARN of the MFA device'
            cand --mfa-code 'Code of the MFA device; else `$STSX_MFA_CODE`, `mfa_process`, or a question on the terminal'
            cand --mfa-max-age 'Ask for a code again for roles not cached when the session''s code is older; 0: for each role'
            cand --session-duration 'Length of the session that one code opens for all roles, 15m to 36h [default: 12h]'
            cand -v 'Say what is done; twice, with details (never secrets)'
            cand --verbose 'Say what is done; twice, with details (never secrets)'
            cand --no-cache 'Neither read nor write cached credentials'
            cand --refresh 'Get new credentials even if the cached ones are fresh'
            cand --read-only 'No more than the managed policy `ReadOnlyAccess` allows'
            cand --mfa 'Use the user''s MFA device, found by iam:ListMFADevices if no serial is configured'
            cand --chain 'Start from the role this shell has assumed, not from the identity before it'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'stsx;exec'= {
            cand --error-format 'How errors are written to standard error'
            cand --profile 'Profile to start from'
            cand --region 'Region of the STS call and of the exported credentials'
            cand --expect-account 'Refuse to end in any other account than this one'
            cand --min-ttl 'Renew credentials that live shorter than this'
            cand --lock-timeout 'How long to wait for another stsx that gets the same credentials [default: 60s]'
            cand --external-id 'External id that the role''s trust policy asks for'
            cand --duration 'Length of the role''s session, 15m to 12h: 3600, 1h30m or PT1H [default: 1h]'
            cand --session-name 'Name of the session, as CloudTrail shows it'
            cand --source-identity 'Source identity, which stays with the session and all that come from it'
            cand --web-identity-token-file 'Assume the role with this web identity token, `-` for standard input'
            cand --policy 'Session policy: a file, or JSON'
            cand --policy-arn 'Managed policy as session policy; repeat for more'
            cand --tag 'Session tag; repeat for more'
            cand --transitive-tag 'Key of a tag that goes on to the next role of a chain; repeat for more'
            cand --mfa-serial 'Serial number or ARN of the MFA device'
            cand --mfa-code 'Code of the MFA device; else `$STSX_MFA_CODE`, `mfa_process`, or a question on the terminal'
            cand --mfa-max-age 'Ask for a code again for roles not cached when the session''s code is older; 0: for each role'
            cand --session-duration 'Length of the session that one code opens for all roles, 15m to 36h [default: 12h]'
            cand -v 'Say what is done; twice, with details (never secrets)'
            cand --verbose 'Say what is done; twice, with details (never secrets)'
            cand --no-cache 'Neither read nor write cached credentials'
            cand --refresh 'Get new credentials even if the cached ones are fresh'
            cand --read-only 'No more than the managed policy `ReadOnlyAccess` allows'
            cand --mfa 'Use the user''s MFA device, found by iam:ListMFADevices if no serial is configured'
            cand --chain 'Start from the role this shell has assumed, not from the identity before it'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'stsx;login'= {
            cand --error-format 'How errors are written to standard error'
            cand --profile 'Profile to start from'
            cand --region 'Region of the STS call and of the exported credentials'
            cand --expect-account 'Refuse to end in any other account than this one'
            cand --min-ttl 'Renew credentials that live shorter than this'
            cand --lock-timeout 'How long to wait for another stsx that gets the same credentials [default: 60s]'
            cand --external-id 'External id that the role''s trust policy asks for'
            cand --duration 'Length of the role''s session, 15m to 12h: 3600, 1h30m or PT1H [default: 1h]'
            cand --session-name 'Name of the session, as CloudTrail shows it'
            cand --source-identity 'Source identity, which stays with the session and all that come from it'
            cand --web-identity-token-file 'Assume the role with this web identity token, `-` for standard input'
            cand --policy 'Session policy: a file, or JSON'
            cand --policy-arn 'Managed policy as session policy; repeat for more'
            cand --tag 'Session tag; repeat for more'
            cand --transitive-tag 'Key of a tag that goes on to the next role of a chain; repeat for more'
            cand --mfa-serial 'Serial number or ARN of the MFA device'
            cand --mfa-code 'Code of the MFA device; else `$STSX_MFA_CODE`, `mfa_process`, or a question on the terminal'
            cand --mfa-max-age 'Ask for a code again for roles not cached when the session''s code is older; 0: for each role'
            cand --session-duration 'Length of the session that one code opens for all roles, 15m to 36h [default: 12h]'
            cand -v 'Say what is done; twice, with details (never secrets)'
            cand --verbose 'Say what is done; twice, with details (never secrets)'
            cand --no-cache 'Neither read nor write cached credentials'
            cand --refresh 'Get new credentials even if the cached ones are fresh'
            cand --read-only 'No more than the managed policy `ReadOnlyAccess` allows'
            cand --mfa 'Use the user''s MFA device, found by iam:ListMFADevices if no serial is configured'
            cand --chain 'Start from the role this shell has assumed, not from the identity before it'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'stsx;logout'= {
            cand --error-format 'How errors are written to standard error'
            cand -v 'Say what is done; twice, with details (never secrets)'
            cand --verbose 'Say what is done; twice, with details (never secrets)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'stsx;session'= {
            cand --error-format 'How errors are written to standard error'
            cand --duration 'Length of the session, 15m to 36h; the session is then not shared with others'
            cand --profile 'Profile to start from'
            cand --region 'Region of the STS call and of the exported credentials'
            cand --expect-account 'Refuse to end in any other account than this one'
            cand --min-ttl 'Renew credentials that live shorter than this'
            cand --lock-timeout 'How long to wait for another stsx that gets the same credentials [default: 60s]'
            cand --mfa-serial 'Serial number or ARN of the MFA device'
            cand --mfa-code 'Code of the MFA device; else `$STSX_MFA_CODE`, `mfa_process`, or a question on the terminal'
            cand --mfa-max-age 'Ask for a code again for roles not cached when the session''s code is older; 0: for each role'
            cand --session-duration 'Length of the session that one code opens for all roles, 15m to 36h [default: 12h]'
            cand --shell 'Shell to write for [default: the shell that runs stsx]'
            cand --format 'Write a document instead of shell code'
            cand -v 'Say what is done; twice, with details (never secrets)'
            cand --verbose 'Say what is done; twice, with details (never secrets)'
            cand --no-cache 'Neither read nor write cached credentials'
            cand --refresh 'Get new credentials even if the cached ones are fresh'
            cand --mfa 'Use the user''s MFA device, found by iam:ListMFADevices if no serial is configured'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'stsx;federate'= {
            cand --error-format 'How errors are written to standard error'
            cand --duration 'Length of the session, 15m to 36h [default: 12h]'
            cand --profile 'Profile to start from'
            cand --region 'Region of the STS call and of the exported credentials'
            cand --expect-account 'Refuse to end in any other account than this one'
            cand --min-ttl 'Renew credentials that live shorter than this'
            cand --lock-timeout 'How long to wait for another stsx that gets the same credentials [default: 60s]'
            cand --policy 'Session policy: a file, or JSON'
            cand --policy-arn 'Managed policy as session policy; repeat for more'
            cand --tag 'Session tag; repeat for more'
            cand --shell 'Shell to write for [default: the shell that runs stsx]'
            cand --format 'Write a document instead of shell code'
            cand -v 'Say what is done; twice, with details (never secrets)'
            cand --verbose 'Say what is done; twice, with details (never secrets)'
            cand --no-cache 'Neither read nor write cached credentials'
            cand --refresh 'Get new credentials even if the cached ones are fresh'
            cand --read-only 'No more than the managed policy `ReadOnlyAccess` allows'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'stsx;saml'= {
            cand --error-format 'How errors are written to standard error'
            cand --assertion 'Response of the SAML provider (base64 or XML): a file, or `-` for standard input'
            cand --role 'Which of its roles, if there are several: ARN, NAME or ACCOUNT:NAME'
            cand --provider 'The role''s SAML provider in IAM, if there are several, or the response is encrypted'
            cand --duration 'Length of the session, 15m to 12h [default: what the response says, else 1h]'
            cand --region 'Region of the STS call and of the exported credentials'
            cand --expect-account 'Refuse to end in any other account than this one'
            cand --min-ttl 'Renew credentials that live shorter than this'
            cand --lock-timeout 'How long to wait for another stsx that gets the same credentials [default: 60s]'
            cand --policy 'Session policy: a file, or JSON'
            cand --policy-arn 'Managed policy as session policy; repeat for more'
            cand --shell 'Shell to write for [default: the shell that runs stsx]'
            cand --format 'Write a document instead of shell code'
            cand --profile 'Profile to start from'
            cand --tag 'Session tag; repeat for more'
            cand -v 'Say what is done; twice, with details (never secrets)'
            cand --verbose 'Say what is done; twice, with details (never secrets)'
            cand --list 'Print the roles that it opens, and call nothing'
            cand --no-cache 'Neither read nor write cached credentials'
            cand --refresh 'Get new credentials even if the cached ones are fresh'
            cand --read-only 'No more than the managed policy `ReadOnlyAccess` allows'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'stsx;unset'= {
            cand --error-format 'How errors are written to standard error'
            cand --shell 'Shell to write for [default: the shell that runs stsx]'
            cand -v 'Say what is done; twice, with details (never secrets)'
            cand --verbose 'Say what is done; twice, with details (never secrets)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'stsx;whoami'= {
            cand --error-format 'How errors are written to standard error'
            cand --profile 'Profile to start from'
            cand --region 'Region of the STS call and of the exported credentials'
            cand --expect-account 'Refuse to end in any other account than this one'
            cand --min-ttl 'Renew credentials that live shorter than this'
            cand --lock-timeout 'How long to wait for another stsx that gets the same credentials [default: 60s]'
            cand --external-id 'External id that the role''s trust policy asks for'
            cand --duration 'Length of the role''s session, 15m to 12h: 3600, 1h30m or PT1H [default: 1h]'
            cand --session-name 'Name of the session, as CloudTrail shows it'
            cand --source-identity 'Source identity, which stays with the session and all that come from it'
            cand --web-identity-token-file 'Assume the role with this web identity token, `-` for standard input'
            cand --policy 'Session policy: a file, or JSON'
            cand --policy-arn 'Managed policy as session policy; repeat for more'
            cand --tag 'Session tag; repeat for more'
            cand --transitive-tag 'Key of a tag that goes on to the next role of a chain; repeat for more'
            cand --mfa-serial 'Serial number or ARN of the MFA device'
            cand --mfa-code 'Code of the MFA device; else `$STSX_MFA_CODE`, `mfa_process`, or a question on the terminal'
            cand --mfa-max-age 'Ask for a code again for roles not cached when the session''s code is older; 0: for each role'
            cand --session-duration 'Length of the session that one code opens for all roles, 15m to 36h [default: 12h]'
            cand --format 'For people, or with the AWS CLI''s keys'
            cand -v 'Say what is done; twice, with details (never secrets)'
            cand --verbose 'Say what is done; twice, with details (never secrets)'
            cand --no-cache 'Neither read nor write cached credentials'
            cand --refresh 'Get new credentials even if the cached ones are fresh'
            cand --read-only 'No more than the managed policy `ReadOnlyAccess` allows'
            cand --mfa 'Use the user''s MFA device, found by iam:ListMFADevices if no serial is configured'
            cand --chain 'Start from the role this shell has assumed, not from the identity before it'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'stsx;explain'= {
            cand --error-format 'How errors are written to standard error'
            cand --profile 'Profile to start from'
            cand --region 'Region of the STS call and of the exported credentials'
            cand --expect-account 'Refuse to end in any other account than this one'
            cand --min-ttl 'Renew credentials that live shorter than this'
            cand --lock-timeout 'How long to wait for another stsx that gets the same credentials [default: 60s]'
            cand --external-id 'External id that the role''s trust policy asks for'
            cand --duration 'Length of the role''s session, 15m to 12h: 3600, 1h30m or PT1H [default: 1h]'
            cand --session-name 'Name of the session, as CloudTrail shows it'
            cand --source-identity 'Source identity, which stays with the session and all that come from it'
            cand --web-identity-token-file 'Assume the role with this web identity token, `-` for standard input'
            cand --policy 'Session policy: a file, or JSON'
            cand --policy-arn 'Managed policy as session policy; repeat for more'
            cand --tag 'Session tag; repeat for more'
            cand --transitive-tag 'Key of a tag that goes on to the next role of a chain; repeat for more'
            cand --mfa-serial 'Serial number or ARN of the MFA device'
            cand --mfa-code 'Code of the MFA device; else `$STSX_MFA_CODE`, `mfa_process`, or a question on the terminal'
            cand --mfa-max-age 'Ask for a code again for roles not cached when the session''s code is older; 0: for each role'
            cand --session-duration 'Length of the session that one code opens for all roles, 15m to 36h [default: 12h]'
            cand --format 'For people, or for programs'
            cand -v 'Say what is done; twice, with details (never secrets)'
            cand --verbose 'Say what is done; twice, with details (never secrets)'
            cand --no-cache 'Neither read nor write cached credentials'
            cand --refresh 'Get new credentials even if the cached ones are fresh'
            cand --read-only 'No more than the managed policy `ReadOnlyAccess` allows'
            cand --mfa 'Use the user''s MFA device, found by iam:ListMFADevices if no serial is configured'
            cand --chain 'Start from the role this shell has assumed, not from the identity before it'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'stsx;list'= {
            cand --error-format 'How errors are written to standard error'
            cand --format 'For people, or for programs'
            cand -v 'Say what is done; twice, with details (never secrets)'
            cand --verbose 'Say what is done; twice, with details (never secrets)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'stsx;cache'= {
            cand --error-format 'How errors are written to standard error'
            cand -v 'Say what is done; twice, with details (never secrets)'
            cand --verbose 'Say what is done; twice, with details (never secrets)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand list 'List the cached credentials: whose they are and how long they live'
            cand clear 'Remove cached credentials: all of them, those of TARGET, or the expired ones'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'stsx;cache;list'= {
            cand --format 'For people, or for programs'
            cand --error-format 'How errors are written to standard error'
            cand -v 'Say what is done; twice, with details (never secrets)'
            cand --verbose 'Say what is done; twice, with details (never secrets)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'stsx;cache;clear'= {
            cand --error-format 'How errors are written to standard error'
            cand --expired 'Only what has expired'
            cand -v 'Say what is done; twice, with details (never secrets)'
            cand --verbose 'Say what is done; twice, with details (never secrets)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'stsx;cache;help'= {
            cand list 'List the cached credentials: whose they are and how long they live'
            cand clear 'Remove cached credentials: all of them, those of TARGET, or the expired ones'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'stsx;cache;help;list'= {
        }
        &'stsx;cache;help;clear'= {
        }
        &'stsx;cache;help;help'= {
        }
        &'stsx;completions'= {
            cand --error-format 'How errors are written to standard error'
            cand -v 'Say what is done; twice, with details (never secrets)'
            cand --verbose 'Say what is done; twice, with details (never secrets)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'stsx;help'= {
            cand assume 'Print what makes this shell the role: eval $(stsx assume TARGET)'
            cand credential-process 'Answer as a `credential_process` of ~/.aws/config'
            cand exec 'Run one command as the role: stsx exec TARGET -- aws s3 ls'
            cand login 'Open the MFA session, and get the roles given, so that programs without a terminal find them'
            cand logout 'Forget the sessions and roles that are cached'
            cand session 'Print a session of the user (sts:GetSessionToken) for this shell'
            cand federate 'Print a federated user''s credentials (sts:GetFederationToken) for this shell'
            cand saml 'Print a role''s credentials for a SAML response (sts:AssumeRoleWithSAML)'
            cand unset 'Print what makes this shell the original identity again: eval $(stsx unset)'
            cand whoami 'Ask AWS who the current identity, or TARGET, is (sts:GetCallerIdentity)'
            cand explain 'Show, without any call, how TARGET would be reached and where each value comes from'
            cand list 'List the profiles and what each leads to'
            cand cache 'Look at the cached credentials, or remove them'
            cand completions 'Print the completion script of a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'stsx;help;assume'= {
        }
        &'stsx;help;credential-process'= {
        }
        &'stsx;help;exec'= {
        }
        &'stsx;help;login'= {
        }
        &'stsx;help;logout'= {
        }
        &'stsx;help;session'= {
        }
        &'stsx;help;federate'= {
        }
        &'stsx;help;saml'= {
        }
        &'stsx;help;unset'= {
        }
        &'stsx;help;whoami'= {
        }
        &'stsx;help;explain'= {
        }
        &'stsx;help;list'= {
        }
        &'stsx;help;cache'= {
        }
        &'stsx;help;completions'= {
        }
        &'stsx;help;help'= {
        }
    ]
    $completions[$command]
}
