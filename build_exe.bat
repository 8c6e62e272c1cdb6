@echo off
rem Builds the programs of this checkout into dist\. Double-click it, or run it in a terminal.
rem
rem The variable PYTHON can name the Python for the build, with or without quotes. Without it the
rem newest Python of the Python launcher (py) is used, or else the one on the PATH. The packages
rem that requirements-build.lock pins are installed into build\venv. release\build.py does the rest.
rem
rem The path of this folder can contain blanks, brackets, an ampersand and an exclamation mark. So
rem values stand in quotes, never in a block, and there is no delayed expansion. The exit code of a
rem crash is negative, which "if errorlevel 1" does not see.
setlocal EnableExtensions DisableDelayedExpansion
rem pushd works on a network share too, where cd fails.
pushd "%~dp0"
rem They are meant for another Python, and would lead this one to the wrong libraries.
set "PYTHONHOME="
set "PYTHONPATH="
set "BUILDER="

if defined PYTHON goto :named
py -3 -c "" >nul 2>nul
if "%ERRORLEVEL%"=="0" set "BUILDER=py -3"
if defined BUILDER goto :found
python -c "" >nul 2>nul
if "%ERRORLEVEL%"=="0" set "BUILDER=python"
if defined BUILDER goto :found
if defined CI goto :no_python
echo No Python was found. Install Python 3.13 from https://www.python.org/downloads/,
set /p "PYTHON=or type the path of a python.exe, then press Enter: "
if not defined PYTHON goto :no_python

:named
set "PYTHON=%PYTHON:"=%"
"%PYTHON%" -c "" >nul 2>nul
if not "%ERRORLEVEL%"=="0" goto :no_python
set BUILDER="%PYTHON%"

:found
echo Building with %BUILDER%
%BUILDER% release\check_python.py
if not "%ERRORLEVEL%"=="0" goto :failed
%BUILDER% release\check_folder.py
if not "%ERRORLEVEL%"=="0" goto :failed
echo Making a virtual environment in build\venv
%BUILDER% -m venv --clear build\venv
if not "%ERRORLEVEL%"=="0" goto :no_venv
echo Installing the packages, about 120 MB
rem The lock file lists all packages, so pip doesn't have to resolve dependencies.
build\venv\Scripts\python.exe -m pip install --disable-pip-version-check --no-compile --only-binary :all: --no-deps --require-hashes -r requirements-build.lock
if not "%ERRORLEVEL%"=="0" goto :no_packages
build\venv\Scripts\python.exe release\build.py
if not "%ERRORLEVEL%"=="0" goto :failed
call :wait
exit /b 0

:no_python
if defined PYTHON echo The Python that you named does not start: "%PYTHON%"
echo The build stopped: there is no Python. Install 3.13 from https://www.python.org/downloads/
goto :failed

:no_venv
echo The build stopped: build\venv could not be made. If this Python is the embeddable package, use the installer instead. Or is a program in build\venv still running?
goto :failed

:no_packages
echo The build stopped: requirements-build.lock could not be installed; pip's reason is above.
echo - No connection behind a proxy: open a terminal, type: set HTTPS_PROXY=http://HOST:PORT
echo   and start build_exe.bat there. If the proxy decrypts connections: set PIP_CERT=CERTIFICATE.pem
echo - No matching distribution: this Python is newer than the packages. Use Python 3.13.
goto :failed

:failed
call :wait
exit /b 1

:wait
rem After a double click the window would close before the user could read it: Explorer starts
rem cmd /c. Without its quotes, the line that was started can stand in quotes.
popd
if defined CI exit /b 0
set "LINE=%CMDCMDLINE:"=%"
set "REST=%LINE: /c =%"
if not "%REST%"=="%LINE%" pause
exit /b 0
