# Completion of stsx for xonsh.
def _stsx_complete(of, context):
    import subprocess
    from xonsh.completers.tools import RichCompletion
    words = [arg.value for arg in context.args[1:context.arg_index]] + [context.prefix]
    try:
        answer = subprocess.run(
            ['stsx', 'complete', 'xonsh', '--'] + of + words,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=__xonsh__.env.detype(), encoding='utf-8', errors='replace',
        ).stdout.splitlines()
    except OSError:
        return None
    if answer[:1] != ['values']:
        return None
    found = []
    for line in answer[1:]:
        value, _, about = line.partition('\t')
        text = value
        if context.opening_quote:
            mark = context.opening_quote.lstrip('rRbBfFpPuU')
            text = context.opening_quote + value + mark
        elif not all(c.isalnum() or c in '_./:%+=,-' for c in value):
            # In the strings of a command xonsh expands `$` and `~`.
            text = '@(' + repr(value) + ')'
        found.append(RichCompletion(
            text, display=value, description=about, append_space=True,
            prefix_len=len(context.opening_quote) + len(context.prefix),
        ))
    return found, False
def _stsx_completes():
    from xonsh.completers.completer import add_one_completer
    from xonsh.completers.tools import contextual_command_completer_for
    def add(name, of):
        completer = contextual_command_completer_for(name)(lambda context: _stsx_complete(of, context))
        add_one_completer('stsx ' + name, completer, 'start')
    return add
_stsx_completes()('stsx', ['stsx'])
