@echo off
rem Builds what changed, then runs: trm serve, trm test, trm --help.
setlocal
set "root=%~dp0"
set DOTNET_NOLOGO=1
set DOTNET_CLI_TELEMETRY_OPTOUT=1
if /i "%~1"=="test" (
  dotnet test "%root%Trm.Local.slnf" -c Release
  exit /b %errorlevel%
)
dotnet build "%root%cli\Trm.Cli.csproj" -c Release -v quiet --nologo 1>&2 || exit /b 1
dotnet "%root%artifacts\bin\Trm.Cli\release\trm.dll" %*
