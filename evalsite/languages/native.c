/* Linked with programs that are compiled to machine code: takes the words that prove the tests' end before any
   of the program's code runs, and says them when the tests' main has returned 0. System calls are made without
   the C library, whose functions a program may put its own in place of. */
#include <stddef.h>

static char words[64];
static long size;

#if defined(__x86_64__)
enum { READ = 0, WRITE = 1, CLOSE = 3 };
static long call(long number, long a, long b, long c) {
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
  return result;
}
#elif defined(__aarch64__)
enum { READ = 63, WRITE = 64, CLOSE = 57 };
static long call(long number, long a, long b, long c) {
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
  return x0;
}
#else
#include <sys/syscall.h>
#include <unistd.h>
enum { READ = SYS_read, WRITE = SYS_write, CLOSE = SYS_close };
static long call(long number, long a, long b, long c) { return syscall(number, a, b, c); }
#endif

__attribute__((constructor(101))) static void hear(void) {
  while (size < (long)sizeof words && call(READ, 0, (long)(words + size), 1) == 1 && words[size] != '\n') size++;
}

#ifndef TESTS
#define TESTS __real_main
#endif
int TESTS(int, char **, char **);

int __wrap_main(int count, char **arguments, char **variables) {
  int status = TESTS(count, arguments, variables);
  if (status == 0) call(WRITE, 3, (long)words, size);
  return status;
}
