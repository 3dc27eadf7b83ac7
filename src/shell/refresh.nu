# New credentials before a command when the role lives shorter.
export-env {
  $env.config.hooks.pre_execution = ($env.config.hooks.pre_execution? | default [] | append {
    condition: {||
      let end = $env.AWS_CREDENTIAL_EXPIRATION?
      (($env._stsx_words? | is-not-empty)
        and not ($env._stsx_words | any {|word| $word starts-with "--mfa-code" })
        and ($end | is-not-empty)
        and (date now) > ($env._stsx_next? | default 1970-01-01)
        and ($end | into datetime) - (date now) < SECONDS_LEFTsec)
    }
    code: {||
      # Not before each command, where none can be had that live longer.
      $env._stsx_next = (date now) + 1min
      let answer = try { ^stsx assume --shell nushell ...$env._stsx_words --renew SECONDS_LEFT } catch { "{}" }
      $answer | from json | load-env
    }
  })
}
