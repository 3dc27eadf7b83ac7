module completions {

  def "nu-complete stsx error_format" [] {
    [ "text" "json" ]
  }

  # Become the AWS role you need
  export extern stsx [
    --verbose(-v)             # Say what is done; twice, with details (never secrets)
    --error-format: string@"nu-complete stsx error_format" # How errors are written to standard error
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  def "nu-complete stsx assume error_format" [] {
    [ "text" "json" ]
  }

  def "nu-complete stsx assume shell" [] {
    [ "sh" "fish" "tcsh" "powershell" "cmd" "nushell" "elvish" "xonsh" ]
  }

  def "nu-complete stsx assume format" [] {
    [ "json" "env" "ini" "process" ]
  }

  # Print what makes this shell the role: eval $(stsx assume TARGET)
  export extern "stsx assume" [
    --verbose(-v)             # Say what is done; twice, with details (never secrets)
    --error-format: string@"nu-complete stsx assume error_format" # How errors are written to standard error
    --profile: string         # Profile to start from
    --region: string          # Region of the STS call and of the exported credentials
    --expect-account: string  # Refuse to end in any other account than this one
    --no-cache                # Neither read nor write cached credentials
    --refresh                 # Get new credentials even if the cached ones are fresh
    --min-ttl: string         # Renew credentials that live shorter than this
    --lock-timeout: string    # How long to wait for another stsx that gets the same credentials [default: 60s]
    --external-id: string     # External id that the role's trust policy asks for
    --duration: string        # Length of the role's session, 15m to 12h: 3600, 1h30m or PT1H [default: 1h]
    --session-name: string    # Name of the session, as CloudTrail shows it
    --source-identity: string # Source identity, which stays with the session and all that come from it
    --web-identity-token-file: path # Assume the role with this web identity token, `-` for standard input
    --policy: string          # Session policy: a file, or JSON
    --policy-arn: string      # Managed policy as session policy; repeat for more
    --read-only               # No more than the managed policy `ReadOnlyAccess` allows
    --tag: string             # Session tag; repeat for more
    --transitive-tag: string  # Key of a tag that goes on to the next role of a chain; repeat for more
    --mfa-serial: string      # Serial number or ARN of the MFA device
    --mfa                     # Use the user's MFA device, found by iam:ListMFADevices if no serial is configured
    --mfa-code: string        # Code of the MFA device; else `$STSX_MFA_CODE`, `mfa_process`, or a question on the terminal
    --mfa-max-age: string     # Ask for a code again for roles not cached when the session's code is older; 0: for each role
    --session-duration: string # Length of the session that one code opens for all roles, 15m to 36h [default: 12h]
    --chain                   # Start from the role this shell has assumed, not from the identity before it
    --shell: string@"nu-complete stsx assume shell" # Shell to write for [default: the shell that runs stsx]
    --format: string@"nu-complete stsx assume format" # Write a document instead of shell code
    --help(-h)                # Print help (see more with '--help')
    target: string            # Profile, role name, ACCOUNT:ROLE, role ARN, or alias
  ]

  def "nu-complete stsx credential-process error_format" [] {
    [ "text" "json" ]
  }

  # Answer as a `credential_process` of ~/.aws/config
  export extern "stsx credential-process" [
    --verbose(-v)             # Say what is done; twice, with details (never secrets)
    --error-format: string@"nu-complete stsx credential-process error_format" # How errors are written to standard error
    --profile: string         # Profile to start from
    --region: string          # Region of the STS call and of the exported credentials
    --expect-account: string  # Refuse to end in any other account than this one
    --no-cache                # Neither read nor write cached credentials
    --refresh                 # Get new credentials even if the cached ones are fresh
    --min-ttl: string         # Renew credentials that live shorter than this
    --lock-timeout: string    # How long to wait for another stsx that gets the same credentials [default: 60s]
    --external-id: string     # External id that the role's trust policy asks for
    --duration: string        # Length of the role's session, 15m to 12h: 3600, 1h30m or PT1H [default: 1h]
    --session-name: string    # Name of the session, as CloudTrail shows it
    --source-identity: string # Source identity, which stays with the session and all that come from it
    --web-identity-token-file: path # Assume the role with this web identity token, `-` for standard input
    --policy: string          # Session policy: a file, or JSON
    --policy-arn: string      # Managed policy as session policy; repeat for more
    --read-only               # No more than the managed policy `ReadOnlyAccess` allows
    --tag: string             # Session tag; repeat for more
    --transitive-tag: string  # Key of a tag that goes on to the next role of a chain; repeat for more
    --mfa-serial: string      # Serial number or ARN of the MFA device
    --mfa                     # Use the user's MFA device, found by iam:ListMFADevices if no serial is configured
    --mfa-code: string        # Code of the MFA device; else `$STSX_MFA_CODE`, `mfa_process`, or a question on the terminal
    --mfa-max-age: string     # Ask for a code again for roles not cached when the session's code is older; 0: for each role
    --session-duration: string # Length of the session that one code opens for all roles, 15m to 36h [default: 12h]
    --chain                   # Start from the role this shell has assumed, not from the identity before it
    --help(-h)                # Print help (see more with '--help')
    target: string            # Profile, role name, ACCOUNT:ROLE, role ARN, or alias
  ]

  def "nu-complete stsx exec error_format" [] {
    [ "text" "json" ]
  }

  # Run one command as the role: stsx exec TARGET -- aws s3 ls
  export extern "stsx exec" [
    --verbose(-v)             # Say what is done; twice, with details (never secrets)
    --error-format: string@"nu-complete stsx exec error_format" # How errors are written to standard error
    --profile: string         # Profile to start from
    --region: string          # Region of the STS call and of the exported credentials
    --expect-account: string  # Refuse to end in any other account than this one
    --no-cache                # Neither read nor write cached credentials
    --refresh                 # Get new credentials even if the cached ones are fresh
    --min-ttl: string         # Renew credentials that live shorter than this
    --lock-timeout: string    # How long to wait for another stsx that gets the same credentials [default: 60s]
    --external-id: string     # External id that the role's trust policy asks for
    --duration: string        # Length of the role's session, 15m to 12h: 3600, 1h30m or PT1H [default: 1h]
    --session-name: string    # Name of the session, as CloudTrail shows it
    --source-identity: string # Source identity, which stays with the session and all that come from it
    --web-identity-token-file: path # Assume the role with this web identity token, `-` for standard input
    --policy: string          # Session policy: a file, or JSON
    --policy-arn: string      # Managed policy as session policy; repeat for more
    --read-only               # No more than the managed policy `ReadOnlyAccess` allows
    --tag: string             # Session tag; repeat for more
    --transitive-tag: string  # Key of a tag that goes on to the next role of a chain; repeat for more
    --mfa-serial: string      # Serial number or ARN of the MFA device
    --mfa                     # Use the user's MFA device, found by iam:ListMFADevices if no serial is configured
    --mfa-code: string        # Code of the MFA device; else `$STSX_MFA_CODE`, `mfa_process`, or a question on the terminal
    --mfa-max-age: string     # Ask for a code again for roles not cached when the session's code is older; 0: for each role
    --session-duration: string # Length of the session that one code opens for all roles, 15m to 36h [default: 12h]
    --chain                   # Start from the role this shell has assumed, not from the identity before it
    --help(-h)                # Print help (see more with '--help')
    target: string            # Profile, role name, ACCOUNT:ROLE, role ARN, or alias
  ]

  def "nu-complete stsx login error_format" [] {
    [ "text" "json" ]
  }

  # Open the MFA session, and get the roles given, so that programs without a terminal find them
  export extern "stsx login" [
    --verbose(-v)             # Say what is done; twice, with details (never secrets)
    --error-format: string@"nu-complete stsx login error_format" # How errors are written to standard error
    --profile: string         # Profile to start from
    --region: string          # Region of the STS call and of the exported credentials
    --expect-account: string  # Refuse to end in any other account than this one
    --no-cache                # Neither read nor write cached credentials
    --refresh                 # Get new credentials even if the cached ones are fresh
    --min-ttl: string         # Renew credentials that live shorter than this
    --lock-timeout: string    # How long to wait for another stsx that gets the same credentials [default: 60s]
    --external-id: string     # External id that the role's trust policy asks for
    --duration: string        # Length of the role's session, 15m to 12h: 3600, 1h30m or PT1H [default: 1h]
    --session-name: string    # Name of the session, as CloudTrail shows it
    --source-identity: string # Source identity, which stays with the session and all that come from it
    --web-identity-token-file: path # Assume the role with this web identity token, `-` for standard input
    --policy: string          # Session policy: a file, or JSON
    --policy-arn: string      # Managed policy as session policy; repeat for more
    --read-only               # No more than the managed policy `ReadOnlyAccess` allows
    --tag: string             # Session tag; repeat for more
    --transitive-tag: string  # Key of a tag that goes on to the next role of a chain; repeat for more
    --mfa-serial: string      # Serial number or ARN of the MFA device
    --mfa                     # Use the user's MFA device, found by iam:ListMFADevices if no serial is configured
    --mfa-code: string        # Code of the MFA device; else `$STSX_MFA_CODE`, `mfa_process`, or a question on the terminal
    --mfa-max-age: string     # Ask for a code again for roles not cached when the session's code is older; 0: for each role
    --session-duration: string # Length of the session that one code opens for all roles, 15m to 36h [default: 12h]
    --chain                   # Start from the role this shell has assumed, not from the identity before it
    --help(-h)                # Print help (see more with '--help')
    ...targets: string        # Profiles, roles or aliases [default: the MFA session of the current user]
  ]

  def "nu-complete stsx logout error_format" [] {
    [ "text" "json" ]
  }

  # Forget the sessions and roles that are cached
  export extern "stsx logout" [
    --verbose(-v)             # Say what is done; twice, with details (never secrets)
    --error-format: string@"nu-complete stsx logout error_format" # How errors are written to standard error
    --help(-h)                # Print help (see more with '--help')
    ...targets: string        # Only what leads to these targets [default: everything that is cached]
  ]

  def "nu-complete stsx session error_format" [] {
    [ "text" "json" ]
  }

  def "nu-complete stsx session shell" [] {
    [ "sh" "fish" "tcsh" "powershell" "cmd" "nushell" "elvish" "xonsh" ]
  }

  def "nu-complete stsx session format" [] {
    [ "json" "env" "ini" "process" ]
  }

  # Print a session of the user (sts:GetSessionToken) for this shell
  export extern "stsx session" [
    --verbose(-v)             # Say what is done; twice, with details (never secrets)
    --error-format: string@"nu-complete stsx session error_format" # How errors are written to standard error
    --duration: string        # Length of the session, 15m to 36h; the session is then not shared with others
    --profile: string         # Profile to start from
    --region: string          # Region of the STS call and of the exported credentials
    --expect-account: string  # Refuse to end in any other account than this one
    --no-cache                # Neither read nor write cached credentials
    --refresh                 # Get new credentials even if the cached ones are fresh
    --min-ttl: string         # Renew credentials that live shorter than this
    --lock-timeout: string    # How long to wait for another stsx that gets the same credentials [default: 60s]
    --mfa-serial: string      # Serial number or ARN of the MFA device
    --mfa                     # Use the user's MFA device, found by iam:ListMFADevices if no serial is configured
    --mfa-code: string        # Code of the MFA device; else `$STSX_MFA_CODE`, `mfa_process`, or a question on the terminal
    --mfa-max-age: string     # Ask for a code again for roles not cached when the session's code is older; 0: for each role
    --session-duration: string # Length of the session that one code opens for all roles, 15m to 36h [default: 12h]
    --shell: string@"nu-complete stsx session shell" # Shell to write for [default: the shell that runs stsx]
    --format: string@"nu-complete stsx session format" # Write a document instead of shell code
    --help(-h)                # Print help (see more with '--help')
    from?: string             # Profile with the user's keys [default: who the AWS CLI would be]
  ]

  def "nu-complete stsx federate error_format" [] {
    [ "text" "json" ]
  }

  def "nu-complete stsx federate shell" [] {
    [ "sh" "fish" "tcsh" "powershell" "cmd" "nushell" "elvish" "xonsh" ]
  }

  def "nu-complete stsx federate format" [] {
    [ "json" "env" "ini" "process" ]
  }

  # Print a federated user's credentials (sts:GetFederationToken) for this shell
  export extern "stsx federate" [
    --verbose(-v)             # Say what is done; twice, with details (never secrets)
    --error-format: string@"nu-complete stsx federate error_format" # How errors are written to standard error
    --duration: string        # Length of the session, 15m to 36h [default: 12h]
    --profile: string         # Profile to start from
    --region: string          # Region of the STS call and of the exported credentials
    --expect-account: string  # Refuse to end in any other account than this one
    --no-cache                # Neither read nor write cached credentials
    --refresh                 # Get new credentials even if the cached ones are fresh
    --min-ttl: string         # Renew credentials that live shorter than this
    --lock-timeout: string    # How long to wait for another stsx that gets the same credentials [default: 60s]
    --policy: string          # Session policy: a file, or JSON
    --policy-arn: string      # Managed policy as session policy; repeat for more
    --read-only               # No more than the managed policy `ReadOnlyAccess` allows
    --tag: string             # Session tag; repeat for more
    --shell: string@"nu-complete stsx federate shell" # Shell to write for [default: the shell that runs stsx]
    --format: string@"nu-complete stsx federate format" # Write a document instead of shell code
    --help(-h)                # Print help (see more with '--help')
    name: string              # Name of the federated user, 2 to 32 characters
  ]

  def "nu-complete stsx saml error_format" [] {
    [ "text" "json" ]
  }

  def "nu-complete stsx saml shell" [] {
    [ "sh" "fish" "tcsh" "powershell" "cmd" "nushell" "elvish" "xonsh" ]
  }

  def "nu-complete stsx saml format" [] {
    [ "json" "env" "ini" "process" ]
  }

  # Print a role's credentials for a SAML response (sts:AssumeRoleWithSAML)
  export extern "stsx saml" [
    --verbose(-v)             # Say what is done; twice, with details (never secrets)
    --error-format: string@"nu-complete stsx saml error_format" # How errors are written to standard error
    --assertion: path         # Response of the SAML provider (base64 or XML): a file, or `-` for standard input
    --role: string            # Which of its roles, if there are several: ARN, NAME or ACCOUNT:NAME
    --provider: string        # The role's SAML provider in IAM, if there are several, or the response is encrypted
    --list                    # Print the roles that it opens, and call nothing
    --duration: string        # Length of the session, 15m to 12h [default: what the response says, else 1h]
    --region: string          # Region of the STS call and of the exported credentials
    --expect-account: string  # Refuse to end in any other account than this one
    --no-cache                # Neither read nor write cached credentials
    --refresh                 # Get new credentials even if the cached ones are fresh
    --min-ttl: string         # Renew credentials that live shorter than this
    --lock-timeout: string    # How long to wait for another stsx that gets the same credentials [default: 60s]
    --policy: string          # Session policy: a file, or JSON
    --policy-arn: string      # Managed policy as session policy; repeat for more
    --read-only               # No more than the managed policy `ReadOnlyAccess` allows
    --shell: string@"nu-complete stsx saml shell" # Shell to write for [default: the shell that runs stsx]
    --format: string@"nu-complete stsx saml format" # Write a document instead of shell code
    --profile: string         # Profile to start from
    --tag: string             # Session tag; repeat for more
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete stsx unset error_format" [] {
    [ "text" "json" ]
  }

  def "nu-complete stsx unset shell" [] {
    [ "sh" "fish" "tcsh" "powershell" "cmd" "nushell" "elvish" "xonsh" ]
  }

  # Print what makes this shell the original identity again: eval $(stsx unset)
  export extern "stsx unset" [
    --verbose(-v)             # Say what is done; twice, with details (never secrets)
    --error-format: string@"nu-complete stsx unset error_format" # How errors are written to standard error
    --shell: string@"nu-complete stsx unset shell" # Shell to write for [default: the shell that runs stsx]
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete stsx whoami error_format" [] {
    [ "text" "json" ]
  }

  def "nu-complete stsx whoami format" [] {
    [ "text" "json" ]
  }

  # Ask AWS who the current identity, or TARGET, is (sts:GetCallerIdentity)
  export extern "stsx whoami" [
    --verbose(-v)             # Say what is done; twice, with details (never secrets)
    --error-format: string@"nu-complete stsx whoami error_format" # How errors are written to standard error
    --profile: string         # Profile to start from
    --region: string          # Region of the STS call and of the exported credentials
    --expect-account: string  # Refuse to end in any other account than this one
    --no-cache                # Neither read nor write cached credentials
    --refresh                 # Get new credentials even if the cached ones are fresh
    --min-ttl: string         # Renew credentials that live shorter than this
    --lock-timeout: string    # How long to wait for another stsx that gets the same credentials [default: 60s]
    --external-id: string     # External id that the role's trust policy asks for
    --duration: string        # Length of the role's session, 15m to 12h: 3600, 1h30m or PT1H [default: 1h]
    --session-name: string    # Name of the session, as CloudTrail shows it
    --source-identity: string # Source identity, which stays with the session and all that come from it
    --web-identity-token-file: path # Assume the role with this web identity token, `-` for standard input
    --policy: string          # Session policy: a file, or JSON
    --policy-arn: string      # Managed policy as session policy; repeat for more
    --read-only               # No more than the managed policy `ReadOnlyAccess` allows
    --tag: string             # Session tag; repeat for more
    --transitive-tag: string  # Key of a tag that goes on to the next role of a chain; repeat for more
    --mfa-serial: string      # Serial number or ARN of the MFA device
    --mfa                     # Use the user's MFA device, found by iam:ListMFADevices if no serial is configured
    --mfa-code: string        # Code of the MFA device; else `$STSX_MFA_CODE`, `mfa_process`, or a question on the terminal
    --mfa-max-age: string     # Ask for a code again for roles not cached when the session's code is older; 0: for each role
    --session-duration: string # Length of the session that one code opens for all roles, 15m to 36h [default: 12h]
    --chain                   # Start from the role this shell has assumed, not from the identity before it
    --format: string@"nu-complete stsx whoami format" # For people, or with the AWS CLI's keys
    --help(-h)                # Print help (see more with '--help')
    target?: string           # Who to be first [default: the current identity, as the AWS CLI sees it]
  ]

  def "nu-complete stsx explain error_format" [] {
    [ "text" "json" ]
  }

  def "nu-complete stsx explain format" [] {
    [ "text" "json" ]
  }

  # Show, without any call, how TARGET would be reached and where each value comes from
  export extern "stsx explain" [
    --verbose(-v)             # Say what is done; twice, with details (never secrets)
    --error-format: string@"nu-complete stsx explain error_format" # How errors are written to standard error
    --profile: string         # Profile to start from
    --region: string          # Region of the STS call and of the exported credentials
    --expect-account: string  # Refuse to end in any other account than this one
    --no-cache                # Neither read nor write cached credentials
    --refresh                 # Get new credentials even if the cached ones are fresh
    --min-ttl: string         # Renew credentials that live shorter than this
    --lock-timeout: string    # How long to wait for another stsx that gets the same credentials [default: 60s]
    --external-id: string     # External id that the role's trust policy asks for
    --duration: string        # Length of the role's session, 15m to 12h: 3600, 1h30m or PT1H [default: 1h]
    --session-name: string    # Name of the session, as CloudTrail shows it
    --source-identity: string # Source identity, which stays with the session and all that come from it
    --web-identity-token-file: path # Assume the role with this web identity token, `-` for standard input
    --policy: string          # Session policy: a file, or JSON
    --policy-arn: string      # Managed policy as session policy; repeat for more
    --read-only               # No more than the managed policy `ReadOnlyAccess` allows
    --tag: string             # Session tag; repeat for more
    --transitive-tag: string  # Key of a tag that goes on to the next role of a chain; repeat for more
    --mfa-serial: string      # Serial number or ARN of the MFA device
    --mfa                     # Use the user's MFA device, found by iam:ListMFADevices if no serial is configured
    --mfa-code: string        # Code of the MFA device; else `$STSX_MFA_CODE`, `mfa_process`, or a question on the terminal
    --mfa-max-age: string     # Ask for a code again for roles not cached when the session's code is older; 0: for each role
    --session-duration: string # Length of the session that one code opens for all roles, 15m to 36h [default: 12h]
    --chain                   # Start from the role this shell has assumed, not from the identity before it
    --format: string@"nu-complete stsx explain format" # For people, or for programs
    --help(-h)                # Print help (see more with '--help')
    target: string            # Profile, role name, ACCOUNT:ROLE, role ARN, or alias
  ]

  def "nu-complete stsx list error_format" [] {
    [ "text" "json" ]
  }

  def "nu-complete stsx list format" [] {
    [ "text" "json" ]
  }

  # List the profiles and what each leads to
  export extern "stsx list" [
    --verbose(-v)             # Say what is done; twice, with details (never secrets)
    --error-format: string@"nu-complete stsx list error_format" # How errors are written to standard error
    --format: string@"nu-complete stsx list format" # For people, or for programs
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete stsx cache error_format" [] {
    [ "text" "json" ]
  }

  # Look at the cached credentials, or remove them
  export extern "stsx cache" [
    --verbose(-v)             # Say what is done; twice, with details (never secrets)
    --error-format: string@"nu-complete stsx cache error_format" # How errors are written to standard error
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete stsx cache list format" [] {
    [ "text" "json" ]
  }

  def "nu-complete stsx cache list error_format" [] {
    [ "text" "json" ]
  }

  # List the cached credentials: whose they are and how long they live
  export extern "stsx cache list" [
    --format: string@"nu-complete stsx cache list format" # For people, or for programs
    --verbose(-v)             # Say what is done; twice, with details (never secrets)
    --error-format: string@"nu-complete stsx cache list error_format" # How errors are written to standard error
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete stsx cache clear error_format" [] {
    [ "text" "json" ]
  }

  # Remove cached credentials: all of them, those of TARGET, or the expired ones
  export extern "stsx cache clear" [
    --expired                 # Only what has expired
    --verbose(-v)             # Say what is done; twice, with details (never secrets)
    --error-format: string@"nu-complete stsx cache clear error_format" # How errors are written to standard error
    --help(-h)                # Print help (see more with '--help')
    target?: string           # Only the credentials of this target
  ]

  # Print this message or the help of the given subcommand(s)
  export extern "stsx cache help" [
  ]

  # List the cached credentials: whose they are and how long they live
  export extern "stsx cache help list" [
  ]

  # Remove cached credentials: all of them, those of TARGET, or the expired ones
  export extern "stsx cache help clear" [
  ]

  # Print this message or the help of the given subcommand(s)
  export extern "stsx cache help help" [
  ]

  def "nu-complete stsx completions error_format" [] {
    [ "text" "json" ]
  }

  def "nu-complete stsx completions shell" [] {
    [ "bash" "elvish" "fish" "nushell" "powershell" "zsh" ]
  }

  # Print the completion script of a shell
  export extern "stsx completions" [
    --verbose(-v)             # Say what is done; twice, with details (never secrets)
    --error-format: string@"nu-complete stsx completions error_format" # How errors are written to standard error
    --help(-h)                # Print help (see more with '--help')
    shell: string@"nu-complete stsx completions shell" # Shell to complete in
  ]

  # Print this message or the help of the given subcommand(s)
  export extern "stsx help" [
  ]

  # Print what makes this shell the role: eval $(stsx assume TARGET)
  export extern "stsx help assume" [
  ]

  # Answer as a `credential_process` of ~/.aws/config
  export extern "stsx help credential-process" [
  ]

  # Run one command as the role: stsx exec TARGET -- aws s3 ls
  export extern "stsx help exec" [
  ]

  # Open the MFA session, and get the roles given, so that programs without a terminal find them
  export extern "stsx help login" [
  ]

  # Forget the sessions and roles that are cached
  export extern "stsx help logout" [
  ]

  # Print a session of the user (sts:GetSessionToken) for this shell
  export extern "stsx help session" [
  ]

  # Print a federated user's credentials (sts:GetFederationToken) for this shell
  export extern "stsx help federate" [
  ]

  # Print a role's credentials for a SAML response (sts:AssumeRoleWithSAML)
  export extern "stsx help saml" [
  ]

  # Print what makes this shell the original identity again: eval $(stsx unset)
  export extern "stsx help unset" [
  ]

  # Ask AWS who the current identity, or TARGET, is (sts:GetCallerIdentity)
  export extern "stsx help whoami" [
  ]

  # Show, without any call, how TARGET would be reached and where each value comes from
  export extern "stsx help explain" [
  ]

  # List the profiles and what each leads to
  export extern "stsx help list" [
  ]

  # Look at the cached credentials, or remove them
  export extern "stsx help cache" [
  ]

  # Print the completion script of a shell
  export extern "stsx help completions" [
  ]

  # Print this message or the help of the given subcommand(s)
  export extern "stsx help help" [
  ]

}

export use completions *
