/* What current Go programs take their randomness from and Wine 8 does not have: ProcessPrng of bcryptprimitives.dll, by the older
   SystemFunction036. Only for tests under Wine; it goes into no package. */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) {
  while (size > 0) {
    ULONG n = size > 1 << 20 ? 1 << 20 : (ULONG)size;
    if (!SystemFunction036(data, n)) return FALSE;
    data += n;
    size -= n;
  }
  return TRUE;
}
