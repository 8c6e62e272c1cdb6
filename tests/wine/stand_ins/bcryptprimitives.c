/* Rust programs (cryptography's) take random numbers from here; Wine 8 has them elsewhere. */
#include <stddef.h>

__declspec(dllimport) unsigned char __stdcall SystemFunction036(void *, unsigned long); /* RtlGenRandom */

__declspec(dllexport) int ProcessPrng(unsigned char *buffer, size_t size)
{
    return SystemFunction036(buffer, (unsigned long)size);
}
