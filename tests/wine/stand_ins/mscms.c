/* Qt 6.12 asks for the screen's colour profile by WcsCreateIccProfile, which Wine 8 and 10 lack.
   There is no profile here. */
#define EXPORT __declspec(dllexport)

typedef void *Handle;

EXPORT Handle OpenColorProfileW(Handle profile, unsigned access, unsigned share, unsigned mode)
{
    return 0;
}
EXPORT int CloseColorProfile(Handle profile) { return 1; }
EXPORT int GetColorProfileFromHandle(Handle profile, void *buffer, unsigned *size)
{
    if (size)
        *size = 0;
    return 0;
}
EXPORT Handle WcsCreateIccProfile(Handle profile, unsigned options) { return 0; }
