# Completion of stsx for PowerShell.
function global:_stsx_complete {
    param([string[]] $of, $wordToComplete, $commandAst, $cursorPosition)
    $program = Get-Command -Name stsx -CommandType Application -ErrorAction Ignore | Select-Object -First 1
    if (-not $program) { return }
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        ForEach-Object { if ($null -ne $_.Value) { $_.Value } else { $_.Extent.Text } })
    $current = $wordToComplete.Trim("'", '"')
    # Before version 7.3 an empty argument would not arrive.
    $empty = if ($PSVersionTable.PSVersion -lt [version] '7.3') { '""' } else { '' }
    $last = if ($current) { $current } else { $empty }
    $answer = @(& $program complete powershell -- @of @words $last 2>$null)
    if ($answer.Count -eq 0 -or $answer[0] -ne 'values') { return }
    $answer | Select-Object -Skip 1 | ForEach-Object {
        $value, $about = $_.Split("`t", 2)
        $text = $value
        if ($value -notmatch '^[A-Za-z0-9_./:%+=-]+$') {
            $text = "'" + [System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($value) + "'"
        }
        if (-not $about) { $about = $value }
        [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $about)
    }
}
Register-ArgumentCompleter -Native -CommandName stsx -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    _stsx_complete @('stsx') $wordToComplete $commandAst $cursorPosition
}
