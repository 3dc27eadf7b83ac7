# stsx for PowerShell: STSX_CMD TARGET, unSTSX_CMD.
Remove-Item -Path Alias:STSX_CMD, Alias:unSTSX_CMD -Force -ErrorAction Ignore
function global:STSX_CMD {
    $stsx = Get-Command -Name stsx -CommandType Application -ErrorAction Stop | Select-Object -First 1
    if ($args -match '^(-h|-v+h.*|--help|--format(=.*)?)$') { & $stsx assume @args; return }
    $code = & $stsx assume --shell powershell @args | Out-String
    if ($LASTEXITCODE -ne 0) { throw "stsx failed ($LASTEXITCODE)" }
    Invoke-Expression $code
}
function global:unSTSX_CMD {
    $stsx = Get-Command -Name stsx -CommandType Application -ErrorAction Stop | Select-Object -First 1
    if ($args -match '^(-h|-v+h.*|--help)$') { & $stsx unset @args; return }
    $code = & $stsx unset --shell powershell @args | Out-String
    if ($LASTEXITCODE -ne 0) { throw "stsx failed ($LASTEXITCODE)" }
    if ($code) { Invoke-Expression $code }
}
Register-ArgumentCompleter -Native -CommandName STSX_CMD -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    _stsx_complete @('stsx', 'assume') $wordToComplete $commandAst $cursorPosition
}
Register-ArgumentCompleter -Native -CommandName unSTSX_CMD -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    _stsx_complete @('stsx', 'unset') $wordToComplete $commandAst $cursorPosition
}
