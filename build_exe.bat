@echo off
rem Builds the programs of this checkout into dist\. Double-click it, or run it in a terminal.
rem
rem The variable PYTHON can name the Python for the build. Without it the newest Python of the
rem Python launcher (py) is used, or else the one on the PATH. The packages that
rem requirements-build.lock pins are installed into build\venv. release\build.py does the rest.
setlocal
rem pushd works on a network share too, where cd fails.
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
rem The lock file lists all packages, so pip doesn't have to resolve dependencies.
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
rem After a double click the window would close before the user could read it.
if defined CI exit /b 0
for %%W in (%CMDCMDLINE%) do if /i "%%~W"=="/c" pause
exit /b 0
