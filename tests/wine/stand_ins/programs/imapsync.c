/* Appends its words to calls.txt in the current folder, one a line in UTF-8, and a line with a dot.
   It ends with 16 for a user whose name begins with "fails@", as imapsync does if a login fails. */
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

int wmain(int count, wchar_t **words)
{
    FILE *calls = fopen("calls.txt", "ab");
    int code = 0;
    if (!calls)
        return 1;
    for (int i = 1; i < count; i++) {
        char text[4096];
        WideCharToMultiByte(CP_UTF8, 0, words[i], -1, text, sizeof text, 0, 0);
        fprintf(calls, "%s\n", text);
        if (!wcsncmp(words[i], L"fails@", 6))
            code = 16;
    }
    fprintf(calls, ".\n");
    fclose(calls);
    return code;
}
