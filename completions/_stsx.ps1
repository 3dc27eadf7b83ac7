
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'stsx' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'stsx'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'stsx' {
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written to standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('assume', 'assume', [CompletionResultType]::ParameterValue, 'Print what makes this shell the role: eval $(stsx assume TARGET)')
            [CompletionResult]::new('credential-process', 'credential-process', [CompletionResultType]::ParameterValue, 'Answer as a `credential_process` of ~/.aws/config')
            [CompletionResult]::new('exec', 'exec', [CompletionResultType]::ParameterValue, 'Run one command as the role: stsx exec TARGET -- aws s3 ls')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Open the MFA session, and get the roles given, so that programs without a terminal find them')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Forget the sessions and roles that are cached')
            [CompletionResult]::new('session', 'session', [CompletionResultType]::ParameterValue, 'Print a session of the user (sts:GetSessionToken) for this shell')
            [CompletionResult]::new('federate', 'federate', [CompletionResultType]::ParameterValue, 'Print a federated user''s credentials (sts:GetFederationToken) for this shell')
            [CompletionResult]::new('saml', 'saml', [CompletionResultType]::ParameterValue, 'Print a role''s credentials for a SAML response (sts:AssumeRoleWithSAML)')
            [CompletionResult]::new('unset', 'unset', [CompletionResultType]::ParameterValue, 'Print what makes this shell the original identity again: eval $(stsx unset)')
            [CompletionResult]::new('whoami', 'whoami', [CompletionResultType]::ParameterValue, 'Ask AWS who the current identity, or TARGET, is (sts:GetCallerIdentity)')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Show, without any call, how TARGET would be reached and where each value comes from')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the profiles and what each leads to')
            [CompletionResult]::new('cache', 'cache', [CompletionResultType]::ParameterValue, 'Look at the cached credentials, or remove them')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completion script of a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'stsx;assume' {
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written to standard error')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile to start from')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Region of the STS call and of the exported credentials')
            [CompletionResult]::new('--expect-account', '--expect-account', [CompletionResultType]::ParameterName, 'Refuse to end in any other account than this one')
            [CompletionResult]::new('--min-ttl', '--min-ttl', [CompletionResultType]::ParameterName, 'Renew credentials that live shorter than this')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How long to wait for another stsx that gets the same credentials [default: 60s]')
            [CompletionResult]::new('--external-id', '--external-id', [CompletionResultType]::ParameterName, 'External id that the role''s trust policy asks for')
            [CompletionResult]::new('--duration', '--duration', [CompletionResultType]::ParameterName, 'Length of the role''s session, 15m to 12h: 3600, 1h30m or PT1H [default: 1h]')
            [CompletionResult]::new('--session-name', '--session-name', [CompletionResultType]::ParameterName, 'Name of the session, as CloudTrail shows it')
            [CompletionResult]::new('--source-identity', '--source-identity', [CompletionResultType]::ParameterName, 'Source identity, which stays with the session and all that come from it')
            [CompletionResult]::new('--web-identity-token-file', '--web-identity-token-file', [CompletionResultType]::ParameterName, 'Assume the role with this web identity token, `-` for standard input')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'Session policy: a file, or JSON')
            [CompletionResult]::new('--policy-arn', '--policy-arn', [CompletionResultType]::ParameterName, 'Managed policy as session policy; repeat for more')
            [CompletionResult]::new('--tag', '--tag', [CompletionResultType]::ParameterName, 'Session tag; repeat for more')
            [CompletionResult]::new('--transitive-tag', '--transitive-tag', [CompletionResultType]::ParameterName, 'Key of a tag that goes on to the next role of a chain; repeat for more')
            [CompletionResult]::new('--mfa-serial', '--mfa-serial', [CompletionResultType]::ParameterName, 'Serial number or ARN of the MFA device')
            [CompletionResult]::new('--mfa-code', '--mfa-code', [CompletionResultType]::ParameterName, 'Code of the MFA device; else `$STSX_MFA_CODE`, `mfa_process`, or a question on the terminal')
            [CompletionResult]::new('--mfa-max-age', '--mfa-max-age', [CompletionResultType]::ParameterName, 'Ask for a code again for roles not cached when the session''s code is older; 0: for each role')
            [CompletionResult]::new('--session-duration', '--session-duration', [CompletionResultType]::ParameterName, 'Length of the session that one code opens for all roles, 15m to 36h [default: 12h]')
            [CompletionResult]::new('--shell', '--shell', [CompletionResultType]::ParameterName, 'Shell to write for [default: the shell that runs stsx]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write a document instead of shell code')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor write cached credentials')
            [CompletionResult]::new('--refresh', '--refresh', [CompletionResultType]::ParameterName, 'Get new credentials even if the cached ones are fresh')
            [CompletionResult]::new('--read-only', '--read-only', [CompletionResultType]::ParameterName, 'No more than the managed policy `ReadOnlyAccess` allows')
            [CompletionResult]::new('--mfa', '--mfa', [CompletionResultType]::ParameterName, 'Use the user''s MFA device, found by iam:ListMFADevices if no serial is configured')
            [CompletionResult]::new('--chain', '--chain', [CompletionResultType]::ParameterName, 'Start from the role this shell has assumed, not from the identity before it')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'stsx;credential-process' {
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written to standard error')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile to start from')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Region of the STS call and of the exported credentials')
            [CompletionResult]::new('--expect-account', '--expect-account', [CompletionResultType]::ParameterName, 'Refuse to end in any other account than this one')
            [CompletionResult]::new('--min-ttl', '--min-ttl', [CompletionResultType]::ParameterName, 'Renew credentials that live shorter than this')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How long to wait for another stsx that gets the same credentials [default: 60s]')
            [CompletionResult]::new('--external-id', '--external-id', [CompletionResultType]::ParameterName, 'External id that the role''s trust policy asks for')
            [CompletionResult]::new('--duration', '--duration', [CompletionResultType]::ParameterName, 'Length of the role''s session, 15m to 12h: 3600, 1h30m or PT1H [default: 1h]')
            [CompletionResult]::new('--session-name', '--session-name', [CompletionResultType]::ParameterName, 'Name of the session, as CloudTrail shows it')
            [CompletionResult]::new('--source-identity', '--source-identity', [CompletionResultType]::ParameterName, 'Source identity, which stays with the session and all that come from it')
            [CompletionResult]::new('--web-identity-token-file', '--web-identity-token-file', [CompletionResultType]::ParameterName, 'Assume the role with this web identity token, `-` for standard input')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'Session policy: a file, or JSON')
            [CompletionResult]::new('--policy-arn', '--policy-arn', [CompletionResultType]::ParameterName, 'Managed policy as session policy; repeat for more')
            [CompletionResult]::new('--tag', '--tag', [CompletionResultType]::ParameterName, 'Session tag; repeat for more')
            [CompletionResult]::new('--transitive-tag', '--transitive-tag', [CompletionResultType]::ParameterName, 'Key of a tag that goes on to the next role of a chain; repeat for more')
            [CompletionResult]::new('--mfa-serial', '--mfa-serial', [CompletionResultType]::ParameterName, 'Serial number or ARN of the MFA device')
            [CompletionResult]::new('--mfa-code', '--mfa-code', [CompletionResultType]::ParameterName, 'Code of the MFA device; else `$STSX_MFA_CODE`, `mfa_process`, or a question on the terminal')
            [CompletionResult]::new('--mfa-max-age', '--mfa-max-age', [CompletionResultType]::ParameterName, 'Ask for a code again for roles not cached when the session''s code is older; 0: for each role')
            [CompletionResult]::new('--session-duration', '--session-duration', [CompletionResultType]::ParameterName, 'Length of the session that one code opens for all roles, 15m to 36h [default: 12h]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor write cached credentials')
            [CompletionResult]::new('--refresh', '--refresh', [CompletionResultType]::ParameterName, 'Get new credentials even if the cached ones are fresh')
            [CompletionResult]::new('--read-only', '--read-only', [CompletionResultType]::ParameterName, 'No more than the managed policy `ReadOnlyAccess` allows')
            [CompletionResult]::new('--mfa', '--mfa', [CompletionResultType]::ParameterName, 'Use the user''s MFA device, found by iam:ListMFADevices if no serial is configured')
            [CompletionResult]::new('--chain', '--chain', [CompletionResultType]::ParameterName, 'Start from the role this shell has assumed, not from the identity before it')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'stsx;exec' {
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written to standard error')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile to start from')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Region of the STS call and of the exported credentials')
            [CompletionResult]::new('--expect-account', '--expect-account', [CompletionResultType]::ParameterName, 'Refuse to end in any other account than this one')
            [CompletionResult]::new('--min-ttl', '--min-ttl', [CompletionResultType]::ParameterName, 'Renew credentials that live shorter than this')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How long to wait for another stsx that gets the same credentials [default: 60s]')
            [CompletionResult]::new('--external-id', '--external-id', [CompletionResultType]::ParameterName, 'External id that the role''s trust policy asks for')
            [CompletionResult]::new('--duration', '--duration', [CompletionResultType]::ParameterName, 'Length of the role''s session, 15m to 12h: 3600, 1h30m or PT1H [default: 1h]')
            [CompletionResult]::new('--session-name', '--session-name', [CompletionResultType]::ParameterName, 'Name of the session, as CloudTrail shows it')
            [CompletionResult]::new('--source-identity', '--source-identity', [CompletionResultType]::ParameterName, 'Source identity, which stays with the session and all that come from it')
            [CompletionResult]::new('--web-identity-token-file', '--web-identity-token-file', [CompletionResultType]::ParameterName, 'Assume the role with this web identity token, `-` for standard input')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'Session policy: a file, or JSON')
            [CompletionResult]::new('--policy-arn', '--policy-arn', [CompletionResultType]::ParameterName, 'Managed policy as session policy; repeat for more')
            [CompletionResult]::new('--tag', '--tag', [CompletionResultType]::ParameterName, 'Session tag; repeat for more')
            [CompletionResult]::new('--transitive-tag', '--transitive-tag', [CompletionResultType]::ParameterName, 'Key of a tag that goes on to the next role of a chain; repeat for more')
            [CompletionResult]::new('--mfa-serial', '--mfa-serial', [CompletionResultType]::ParameterName, 'Serial number or ARN of the MFA device')
            [CompletionResult]::new('--mfa-code', '--mfa-code', [CompletionResultType]::ParameterName, 'Code of the MFA device; else `$STSX_MFA_CODE`, `mfa_process`, or a question on the terminal')
            [CompletionResult]::new('--mfa-max-age', '--mfa-max-age', [CompletionResultType]::ParameterName, 'Ask for a code again for roles not cached when the session''s code is older; 0: for each role')
            [CompletionResult]::new('--session-duration', '--session-duration', [CompletionResultType]::ParameterName, 'Length of the session that one code opens for all roles, 15m to 36h [default: 12h]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor write cached credentials')
            [CompletionResult]::new('--refresh', '--refresh', [CompletionResultType]::ParameterName, 'Get new credentials even if the cached ones are fresh')
            [CompletionResult]::new('--read-only', '--read-only', [CompletionResultType]::ParameterName, 'No more than the managed policy `ReadOnlyAccess` allows')
            [CompletionResult]::new('--mfa', '--mfa', [CompletionResultType]::ParameterName, 'Use the user''s MFA device, found by iam:ListMFADevices if no serial is configured')
            [CompletionResult]::new('--chain', '--chain', [CompletionResultType]::ParameterName, 'Start from the role this shell has assumed, not from the identity before it')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'stsx;login' {
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written to standard error')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile to start from')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Region of the STS call and of the exported credentials')
            [CompletionResult]::new('--expect-account', '--expect-account', [CompletionResultType]::ParameterName, 'Refuse to end in any other account than this one')
            [CompletionResult]::new('--min-ttl', '--min-ttl', [CompletionResultType]::ParameterName, 'Renew credentials that live shorter than this')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How long to wait for another stsx that gets the same credentials [default: 60s]')
            [CompletionResult]::new('--external-id', '--external-id', [CompletionResultType]::ParameterName, 'External id that the role''s trust policy asks for')
            [CompletionResult]::new('--duration', '--duration', [CompletionResultType]::ParameterName, 'Length of the role''s session, 15m to 12h: 3600, 1h30m or PT1H [default: 1h]')
            [CompletionResult]::new('--session-name', '--session-name', [CompletionResultType]::ParameterName, 'Name of the session, as CloudTrail shows it')
            [CompletionResult]::new('--source-identity', '--source-identity', [CompletionResultType]::ParameterName, 'Source identity, which stays with the session and all that come from it')
            [CompletionResult]::new('--web-identity-token-file', '--web-identity-token-file', [CompletionResultType]::ParameterName, 'Assume the role with this web identity token, `-` for standard input')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'Session policy: a file, or JSON')
            [CompletionResult]::new('--policy-arn', '--policy-arn', [CompletionResultType]::ParameterName, 'Managed policy as session policy; repeat for more')
            [CompletionResult]::new('--tag', '--tag', [CompletionResultType]::ParameterName, 'Session tag; repeat for more')
            [CompletionResult]::new('--transitive-tag', '--transitive-tag', [CompletionResultType]::ParameterName, 'Key of a tag that goes on to the next role of a chain; repeat for more')
            [CompletionResult]::new('--mfa-serial', '--mfa-serial', [CompletionResultType]::ParameterName, 'Serial number or ARN of the MFA device')
            [CompletionResult]::new('--mfa-code', '--mfa-code', [CompletionResultType]::ParameterName, 'Code of the MFA device; else `$STSX_MFA_CODE`, `mfa_process`, or a question on the terminal')
            [CompletionResult]::new('--mfa-max-age', '--mfa-max-age', [CompletionResultType]::ParameterName, 'Ask for a code again for roles not cached when the session''s code is older; 0: for each role')
            [CompletionResult]::new('--session-duration', '--session-duration', [CompletionResultType]::ParameterName, 'Length of the session that one code opens for all roles, 15m to 36h [default: 12h]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor write cached credentials')
            [CompletionResult]::new('--refresh', '--refresh', [CompletionResultType]::ParameterName, 'Get new credentials even if the cached ones are fresh')
            [CompletionResult]::new('--read-only', '--read-only', [CompletionResultType]::ParameterName, 'No more than the managed policy `ReadOnlyAccess` allows')
            [CompletionResult]::new('--mfa', '--mfa', [CompletionResultType]::ParameterName, 'Use the user''s MFA device, found by iam:ListMFADevices if no serial is configured')
            [CompletionResult]::new('--chain', '--chain', [CompletionResultType]::ParameterName, 'Start from the role this shell has assumed, not from the identity before it')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'stsx;logout' {
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written to standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'stsx;session' {
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written to standard error')
            [CompletionResult]::new('--duration', '--duration', [CompletionResultType]::ParameterName, 'Length of the session, 15m to 36h; the session is then not shared with others')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile to start from')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Region of the STS call and of the exported credentials')
            [CompletionResult]::new('--expect-account', '--expect-account', [CompletionResultType]::ParameterName, 'Refuse to end in any other account than this one')
            [CompletionResult]::new('--min-ttl', '--min-ttl', [CompletionResultType]::ParameterName, 'Renew credentials that live shorter than this')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How long to wait for another stsx that gets the same credentials [default: 60s]')
            [CompletionResult]::new('--mfa-serial', '--mfa-serial', [CompletionResultType]::ParameterName, 'Serial number or ARN of the MFA device')
            [CompletionResult]::new('--mfa-code', '--mfa-code', [CompletionResultType]::ParameterName, 'Code of the MFA device; else `$STSX_MFA_CODE`, `mfa_process`, or a question on the terminal')
            [CompletionResult]::new('--mfa-max-age', '--mfa-max-age', [CompletionResultType]::ParameterName, 'Ask for a code again for roles not cached when the session''s code is older; 0: for each role')
            [CompletionResult]::new('--session-duration', '--session-duration', [CompletionResultType]::ParameterName, 'Length of the session that one code opens for all roles, 15m to 36h [default: 12h]')
            [CompletionResult]::new('--shell', '--shell', [CompletionResultType]::ParameterName, 'Shell to write for [default: the shell that runs stsx]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write a document instead of shell code')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor write cached credentials')
            [CompletionResult]::new('--refresh', '--refresh', [CompletionResultType]::ParameterName, 'Get new credentials even if the cached ones are fresh')
            [CompletionResult]::new('--mfa', '--mfa', [CompletionResultType]::ParameterName, 'Use the user''s MFA device, found by iam:ListMFADevices if no serial is configured')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'stsx;federate' {
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written to standard error')
            [CompletionResult]::new('--duration', '--duration', [CompletionResultType]::ParameterName, 'Length of the session, 15m to 36h [default: 12h]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile to start from')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Region of the STS call and of the exported credentials')
            [CompletionResult]::new('--expect-account', '--expect-account', [CompletionResultType]::ParameterName, 'Refuse to end in any other account than this one')
            [CompletionResult]::new('--min-ttl', '--min-ttl', [CompletionResultType]::ParameterName, 'Renew credentials that live shorter than this')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How long to wait for another stsx that gets the same credentials [default: 60s]')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'Session policy: a file, or JSON')
            [CompletionResult]::new('--policy-arn', '--policy-arn', [CompletionResultType]::ParameterName, 'Managed policy as session policy; repeat for more')
            [CompletionResult]::new('--tag', '--tag', [CompletionResultType]::ParameterName, 'Session tag; repeat for more')
            [CompletionResult]::new('--shell', '--shell', [CompletionResultType]::ParameterName, 'Shell to write for [default: the shell that runs stsx]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write a document instead of shell code')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor write cached credentials')
            [CompletionResult]::new('--refresh', '--refresh', [CompletionResultType]::ParameterName, 'Get new credentials even if the cached ones are fresh')
            [CompletionResult]::new('--read-only', '--read-only', [CompletionResultType]::ParameterName, 'No more than the managed policy `ReadOnlyAccess` allows')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'stsx;saml' {
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written to standard error')
            [CompletionResult]::new('--assertion', '--assertion', [CompletionResultType]::ParameterName, 'Response of the SAML provider (base64 or XML): a file, or `-` for standard input')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'Which of its roles, if there are several: ARN, NAME or ACCOUNT:NAME')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'The role''s SAML provider in IAM, if there are several, or the response is encrypted')
            [CompletionResult]::new('--duration', '--duration', [CompletionResultType]::ParameterName, 'Length of the session, 15m to 12h [default: what the response says, else 1h]')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Region of the STS call and of the exported credentials')
            [CompletionResult]::new('--expect-account', '--expect-account', [CompletionResultType]::ParameterName, 'Refuse to end in any other account than this one')
            [CompletionResult]::new('--min-ttl', '--min-ttl', [CompletionResultType]::ParameterName, 'Renew credentials that live shorter than this')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How long to wait for another stsx that gets the same credentials [default: 60s]')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'Session policy: a file, or JSON')
            [CompletionResult]::new('--policy-arn', '--policy-arn', [CompletionResultType]::ParameterName, 'Managed policy as session policy; repeat for more')
            [CompletionResult]::new('--shell', '--shell', [CompletionResultType]::ParameterName, 'Shell to write for [default: the shell that runs stsx]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write a document instead of shell code')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile to start from')
            [CompletionResult]::new('--tag', '--tag', [CompletionResultType]::ParameterName, 'Session tag; repeat for more')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'Print the roles that it opens, and call nothing')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor write cached credentials')
            [CompletionResult]::new('--refresh', '--refresh', [CompletionResultType]::ParameterName, 'Get new credentials even if the cached ones are fresh')
            [CompletionResult]::new('--read-only', '--read-only', [CompletionResultType]::ParameterName, 'No more than the managed policy `ReadOnlyAccess` allows')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'stsx;unset' {
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written to standard error')
            [CompletionResult]::new('--shell', '--shell', [CompletionResultType]::ParameterName, 'Shell to write for [default: the shell that runs stsx]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'stsx;whoami' {
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written to standard error')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile to start from')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Region of the STS call and of the exported credentials')
            [CompletionResult]::new('--expect-account', '--expect-account', [CompletionResultType]::ParameterName, 'Refuse to end in any other account than this one')
            [CompletionResult]::new('--min-ttl', '--min-ttl', [CompletionResultType]::ParameterName, 'Renew credentials that live shorter than this')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How long to wait for another stsx that gets the same credentials [default: 60s]')
            [CompletionResult]::new('--external-id', '--external-id', [CompletionResultType]::ParameterName, 'External id that the role''s trust policy asks for')
            [CompletionResult]::new('--duration', '--duration', [CompletionResultType]::ParameterName, 'Length of the role''s session, 15m to 12h: 3600, 1h30m or PT1H [default: 1h]')
            [CompletionResult]::new('--session-name', '--session-name', [CompletionResultType]::ParameterName, 'Name of the session, as CloudTrail shows it')
            [CompletionResult]::new('--source-identity', '--source-identity', [CompletionResultType]::ParameterName, 'Source identity, which stays with the session and all that come from it')
            [CompletionResult]::new('--web-identity-token-file', '--web-identity-token-file', [CompletionResultType]::ParameterName, 'Assume the role with this web identity token, `-` for standard input')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'Session policy: a file, or JSON')
            [CompletionResult]::new('--policy-arn', '--policy-arn', [CompletionResultType]::ParameterName, 'Managed policy as session policy; repeat for more')
            [CompletionResult]::new('--tag', '--tag', [CompletionResultType]::ParameterName, 'Session tag; repeat for more')
            [CompletionResult]::new('--transitive-tag', '--transitive-tag', [CompletionResultType]::ParameterName, 'Key of a tag that goes on to the next role of a chain; repeat for more')
            [CompletionResult]::new('--mfa-serial', '--mfa-serial', [CompletionResultType]::ParameterName, 'Serial number or ARN of the MFA device')
            [CompletionResult]::new('--mfa-code', '--mfa-code', [CompletionResultType]::ParameterName, 'Code of the MFA device; else `$STSX_MFA_CODE`, `mfa_process`, or a question on the terminal')
            [CompletionResult]::new('--mfa-max-age', '--mfa-max-age', [CompletionResultType]::ParameterName, 'Ask for a code again for roles not cached when the session''s code is older; 0: for each role')
            [CompletionResult]::new('--session-duration', '--session-duration', [CompletionResultType]::ParameterName, 'Length of the session that one code opens for all roles, 15m to 36h [default: 12h]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'For people, or with the AWS CLI''s keys')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor write cached credentials')
            [CompletionResult]::new('--refresh', '--refresh', [CompletionResultType]::ParameterName, 'Get new credentials even if the cached ones are fresh')
            [CompletionResult]::new('--read-only', '--read-only', [CompletionResultType]::ParameterName, 'No more than the managed policy `ReadOnlyAccess` allows')
            [CompletionResult]::new('--mfa', '--mfa', [CompletionResultType]::ParameterName, 'Use the user''s MFA device, found by iam:ListMFADevices if no serial is configured')
            [CompletionResult]::new('--chain', '--chain', [CompletionResultType]::ParameterName, 'Start from the role this shell has assumed, not from the identity before it')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'stsx;explain' {
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written to standard error')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile to start from')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Region of the STS call and of the exported credentials')
            [CompletionResult]::new('--expect-account', '--expect-account', [CompletionResultType]::ParameterName, 'Refuse to end in any other account than this one')
            [CompletionResult]::new('--min-ttl', '--min-ttl', [CompletionResultType]::ParameterName, 'Renew credentials that live shorter than this')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How long to wait for another stsx that gets the same credentials [default: 60s]')
            [CompletionResult]::new('--external-id', '--external-id', [CompletionResultType]::ParameterName, 'External id that the role''s trust policy asks for')
            [CompletionResult]::new('--duration', '--duration', [CompletionResultType]::ParameterName, 'Length of the role''s session, 15m to 12h: 3600, 1h30m or PT1H [default: 1h]')
            [CompletionResult]::new('--session-name', '--session-name', [CompletionResultType]::ParameterName, 'Name of the session, as CloudTrail shows it')
            [CompletionResult]::new('--source-identity', '--source-identity', [CompletionResultType]::ParameterName, 'Source identity, which stays with the session and all that come from it')
            [CompletionResult]::new('--web-identity-token-file', '--web-identity-token-file', [CompletionResultType]::ParameterName, 'Assume the role with this web identity token, `-` for standard input')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'Session policy: a file, or JSON')
            [CompletionResult]::new('--policy-arn', '--policy-arn', [CompletionResultType]::ParameterName, 'Managed policy as session policy; repeat for more')
            [CompletionResult]::new('--tag', '--tag', [CompletionResultType]::ParameterName, 'Session tag; repeat for more')
            [CompletionResult]::new('--transitive-tag', '--transitive-tag', [CompletionResultType]::ParameterName, 'Key of a tag that goes on to the next role of a chain; repeat for more')
            [CompletionResult]::new('--mfa-serial', '--mfa-serial', [CompletionResultType]::ParameterName, 'Serial number or ARN of the MFA device')
            [CompletionResult]::new('--mfa-code', '--mfa-code', [CompletionResultType]::ParameterName, 'Code of the MFA device; else `$STSX_MFA_CODE`, `mfa_process`, or a question on the terminal')
            [CompletionResult]::new('--mfa-max-age', '--mfa-max-age', [CompletionResultType]::ParameterName, 'Ask for a code again for roles not cached when the session''s code is older; 0: for each role')
            [CompletionResult]::new('--session-duration', '--session-duration', [CompletionResultType]::ParameterName, 'Length of the session that one code opens for all roles, 15m to 36h [default: 12h]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'For people, or for programs')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor write cached credentials')
            [CompletionResult]::new('--refresh', '--refresh', [CompletionResultType]::ParameterName, 'Get new credentials even if the cached ones are fresh')
            [CompletionResult]::new('--read-only', '--read-only', [CompletionResultType]::ParameterName, 'No more than the managed policy `ReadOnlyAccess` allows')
            [CompletionResult]::new('--mfa', '--mfa', [CompletionResultType]::ParameterName, 'Use the user''s MFA device, found by iam:ListMFADevices if no serial is configured')
            [CompletionResult]::new('--chain', '--chain', [CompletionResultType]::ParameterName, 'Start from the role this shell has assumed, not from the identity before it')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'stsx;list' {
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written to standard error')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'For people, or for programs')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'stsx;cache' {
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written to standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the cached credentials: whose they are and how long they live')
            [CompletionResult]::new('clear', 'clear', [CompletionResultType]::ParameterValue, 'Remove cached credentials: all of them, those of TARGET, or the expired ones')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'stsx;cache;list' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'For people, or for programs')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written to standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'stsx;cache;clear' {
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written to standard error')
            [CompletionResult]::new('--expired', '--expired', [CompletionResultType]::ParameterName, 'Only what has expired')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'stsx;cache;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the cached credentials: whose they are and how long they live')
            [CompletionResult]::new('clear', 'clear', [CompletionResultType]::ParameterValue, 'Remove cached credentials: all of them, those of TARGET, or the expired ones')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'stsx;cache;help;list' {
            break
        }
        'stsx;cache;help;clear' {
            break
        }
        'stsx;cache;help;help' {
            break
        }
        'stsx;completions' {
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written to standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done; twice, with details (never secrets)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'stsx;help' {
            [CompletionResult]::new('assume', 'assume', [CompletionResultType]::ParameterValue, 'Print what makes this shell the role: eval $(stsx assume TARGET)')
            [CompletionResult]::new('credential-process', 'credential-process', [CompletionResultType]::ParameterValue, 'Answer as a `credential_process` of ~/.aws/config')
            [CompletionResult]::new('exec', 'exec', [CompletionResultType]::ParameterValue, 'Run one command as the role: stsx exec TARGET -- aws s3 ls')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Open the MFA session, and get the roles given, so that programs without a terminal find them')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Forget the sessions and roles that are cached')
            [CompletionResult]::new('session', 'session', [CompletionResultType]::ParameterValue, 'Print a session of the user (sts:GetSessionToken) for this shell')
            [CompletionResult]::new('federate', 'federate', [CompletionResultType]::ParameterValue, 'Print a federated user''s credentials (sts:GetFederationToken) for this shell')
            [CompletionResult]::new('saml', 'saml', [CompletionResultType]::ParameterValue, 'Print a role''s credentials for a SAML response (sts:AssumeRoleWithSAML)')
            [CompletionResult]::new('unset', 'unset', [CompletionResultType]::ParameterValue, 'Print what makes this shell the original identity again: eval $(stsx unset)')
            [CompletionResult]::new('whoami', 'whoami', [CompletionResultType]::ParameterValue, 'Ask AWS who the current identity, or TARGET, is (sts:GetCallerIdentity)')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Show, without any call, how TARGET would be reached and where each value comes from')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the profiles and what each leads to')
            [CompletionResult]::new('cache', 'cache', [CompletionResultType]::ParameterValue, 'Look at the cached credentials, or remove them')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completion script of a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'stsx;help;assume' {
            break
        }
        'stsx;help;credential-process' {
            break
        }
        'stsx;help;exec' {
            break
        }
        'stsx;help;login' {
            break
        }
        'stsx;help;logout' {
            break
        }
        'stsx;help;session' {
            break
        }
        'stsx;help;federate' {
            break
        }
        'stsx;help;saml' {
            break
        }
        'stsx;help;unset' {
            break
        }
        'stsx;help;whoami' {
            break
        }
        'stsx;help;explain' {
            break
        }
        'stsx;help;list' {
            break
        }
        'stsx;help;cache' {
            break
        }
        'stsx;help;completions' {
            break
        }
        'stsx;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
