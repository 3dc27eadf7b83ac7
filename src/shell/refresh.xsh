# New credentials before a command when the role lives shorter.
def _stsx_refresh(**kwargs):
    import datetime
    end = __xonsh__.env.get('AWS_CREDENTIAL_EXPIRATION')
    now = datetime.datetime.now(datetime.timezone.utc)
    if not end or not _stsx_kept['words'] or now < _stsx_kept['next']:
        return
    if any(word.startswith('--mfa-code') for word in _stsx_kept['words']):
        return
    soon = now + datetime.timedelta(seconds=SECONDS_LEFT)
    if datetime.datetime.fromisoformat(str(end).replace('Z', '+00:00')) < soon:
        # Not before each command, where none can be had that live longer.
        _stsx_kept['next'] = now + datetime.timedelta(minutes=1)
        _stsx_run('assume', _stsx_kept['words'] + ['--renew', 'SECONDS_LEFT'], None)
def _stsx_refreshes():
    import datetime
    past = datetime.datetime.fromtimestamp(0, datetime.timezone.utc)
    for hook in list(events.on_precommand):
        if getattr(hook, '__name__', '') == '_stsx_refresh':
            events.on_precommand.discard(hook)
    events.on_precommand(_stsx_refresh)
    return {'words': [], 'next': past}
_stsx_kept = _stsx_refreshes()
