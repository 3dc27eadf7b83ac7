alias STSX_CMD 'eval `stsx assume --shell tcsh \!*`';
alias unSTSX_CMD 'eval `stsx unset --shell tcsh \!*`';
complete STSX_CMD 'p@*@`sh -c '"'"'stsx complete tcsh --line "$COMMAND_LINE" -- stsx assume 2>/dev/null | tail -n +2'"'"'`@';
