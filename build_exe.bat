@echo off
rem Builds the programs of this checkout into dist\: double-click it, or run it in a terminal.
rem
rem PYTHON names the Python to build with; otherwise the newest of the Python launcher (py), then
rem the one on the PATH is taken. What a build needs is installed into build\venv, as
rem requirements-build.lock pins it. release\build.py does the rest.
setlocal
rem Also where this lies on a network share, which cd can't enter.
pushd "%~dp0"
set TAKEN=

if defined PYTHON call :take "%PYTHON%"
if not defined TAKEN call :take py -3
if not defined TAKEN call :take python
if not defined TAKEN call :ask
if not defined TAKEN goto :no_python

echo Building with %TAKEN%
%TAKEN% release\check_python.py
if errorlevel 1 goto :failed
%TAKEN% -m venv --clear build\venv
if errorlevel 1 goto :no_venv
rem The lock names everything, so pip has nothing to resolve.
build\venv\Scripts\python.exe -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-build.lock
if errorlevel 1 goto :no_packages
build\venv\Scripts\python.exe release\build.py
if errorlevel 1 goto :failed
call :wait
exit /b 0

:take
%* -c "" >nul 2>nul
if not errorlevel 1 set TAKEN=%*
exit /b 0

:ask
if defined CI exit /b 0
echo No Python was found. Install Python 3.12.4 or newer from https://www.python.org/downloads/,
set /p ANSWER=or type the path of a python.exe, then press Enter: 
if defined ANSWER call :take "%ANSWER:"=%"
exit /b 0

:no_python
echo The build stopped: there is no Python. Install 3.12.4 or newer from https://www.python.org/downloads/
goto :failed

:no_venv
echo The build stopped: this Python can't make a virtual environment. Is it the embeddable package? Use the installer.
goto :failed

:no_packages
echo The build stopped: requirements-build.lock could not be installed; the reason is above. Is the network there?
goto :failed

:failed
call :wait
exit /b 1

:wait
rem Double-clicked, the window would close before anybody had read it.
if defined CI exit /b 0
for %%W in (%CMDCMDLINE%) do if /i "%%~W"=="/c" pause
exit /b 0
