# stsx for xonsh: STSX_CMD TARGET, unSTSX_CMD.
def _stsx_run(command, args, stdout):
    import re
    import subprocess
    env = __xonsh__.env.detype()
    if any(re.fullmatch('-h|-v+h.*|--help|--format(=.*)?', arg) for arg in args):
        return subprocess.run(['stsx', command] + args, stdout=stdout, env=env).returncode, False
    done = subprocess.run(
        ['stsx', command, '--shell', 'xonsh'] + args,
        stdout=subprocess.PIPE, env=env, encoding='utf-8',
    )
    changed = done.returncode == 0
    if changed:
        execx(done.stdout, 'exec', {}, filename='stsx')
    return done.returncode, changed
def _stsx_assume(args, stdin=None, stdout=None, stderr=None):
    status, changed = _stsx_run('assume', args, stdout)
    if changed:
        _stsx_kept['words'] = args or [__xonsh__.env['STSX_TARGET']]
    return status
def _stsx_unset(args, stdin=None, stdout=None, stderr=None):
    status, changed = _stsx_run('unset', args, stdout)
    if changed:
        _stsx_kept['words'] = []
    return status
_stsx_kept = {'words': []}
# In this process and thread: the environment that changes is its own.
_stsx_assume.__xonsh_threadable__ = False
_stsx_unset.__xonsh_threadable__ = False
aliases['STSX_CMD'] = _stsx_assume
aliases['unSTSX_CMD'] = _stsx_unset
_stsx_completes()('STSX_CMD', ['stsx', 'assume'])
_stsx_completes()('unSTSX_CMD', ['stsx', 'unset'])
