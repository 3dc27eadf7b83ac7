complete stsx 'p@*@`sh -c '"'"'stsx complete tcsh --line "$COMMAND_LINE" -- stsx 2>/dev/null | tail -n +2'"'"'`@';
