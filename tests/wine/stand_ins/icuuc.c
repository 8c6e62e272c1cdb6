/* Windows has icuuc.dll since 10 1903, Wine 8 has not. Qt6Core links these functions for legacy text
   codecs alone; they answer that there is no such codec. */
#define EXPORT __declspec(dllexport)
#define U_FILE_ACCESS_ERROR 4

typedef int UErrorCode;
typedef void *Pointer;
typedef const char *Name;

static void *none(UErrorCode *error)
{
    if (error)
        *error = U_FILE_ACCESS_ERROR;
    return 0;
}

EXPORT Pointer ucnv_open(Name name, UErrorCode *error) { return none(error); }
EXPORT void ucnv_close(Pointer converter) {}
EXPORT void ucnv_reset(Pointer converter) {}
EXPORT Name ucnv_getName(Pointer converter, UErrorCode *error) { return none(error); }
EXPORT signed char ucnv_getMaxCharSize(Pointer converter) { return 1; }
EXPORT int ucnv_countAvailable(void) { return 0; }
EXPORT Name ucnv_getAvailableName(int index) { return 0; }
EXPORT Name ucnv_getStandardName(Name name, Name standard, UErrorCode *error) { return none(error); }

EXPORT void UCNV_FROM_U_CALLBACK_SUBSTITUTE(void) {}
EXPORT void UCNV_TO_U_CALLBACK_SUBSTITUTE(void) {}
EXPORT void ucnv_cbToUWriteUChars(Pointer args, Pointer source, int length, int offset,
                                  UErrorCode *error) { none(error); }
EXPORT void ucnv_cbFromUWriteUChars(Pointer args, Pointer source, Pointer limit, int offset,
                                    UErrorCode *error) { none(error); }
EXPORT void ucnv_getToUCallBack(Pointer converter, Pointer *action, Pointer *context)
{
    *action = *context = 0;
}
EXPORT void ucnv_getFromUCallBack(Pointer converter, Pointer *action, Pointer *context)
{
    *action = *context = 0;
}
EXPORT void ucnv_setToUCallBack(Pointer converter, Pointer action, Pointer context,
                                Pointer *old_action, Pointer *old_context,
                                UErrorCode *error) { none(error); }
EXPORT void ucnv_setFromUCallBack(Pointer converter, Pointer action, Pointer context,
                                  Pointer *old_action, Pointer *old_context,
                                  UErrorCode *error) { none(error); }

EXPORT void ucnv_toUnicode(Pointer converter, Pointer target, Pointer target_end, Pointer source,
                           Pointer source_end, Pointer offsets, signed char flush,
                           UErrorCode *error) { none(error); }
EXPORT void ucnv_fromUnicode(Pointer converter, Pointer target, Pointer target_end, Pointer source,
                             Pointer source_end, Pointer offsets, signed char flush,
                             UErrorCode *error) { none(error); }
EXPORT int ucnv_toUCountPending(Pointer converter, UErrorCode *error) { return 0; }
EXPORT int ucnv_fromUCountPending(Pointer converter, UErrorCode *error) { return 0; }
