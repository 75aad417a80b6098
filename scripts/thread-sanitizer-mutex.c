// Shows the thread sanitizer the locks of Swift's Synchronization.Mutex, for scripts/sanitize thread.
//
// A lock that is free is taken by an atomic exchange that the compiler puts into our code, where the sanitizer sees it. One
// that is held is waited for, and handed over, in libswiftSynchronization.so, by futexes with priority inheritance, and that
// library is not built for the sanitizer: what one thread did before it handed the lock over then seems to be no earlier than
// what the next one does, and every value behind a contended Mutex a race. This library, loaded before it, calls it and
// says what happened. Races of values that no common lock protects are still reported.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *self

// Missing in the tools that tests call.
__attribute__((weak)) void __tsan_acquire(void *address);
__attribute__((weak)) void __tsan_release(void *address);

SWIFT void lock_slow(uint32_t thread, SELF) __asm__(LOCK);
SWIFT void unlock_slow(SELF) __asm__(UNLOCK);

SWIFT void lock_slow(uint32_t thread, SELF) {
    SWIFT void (*real)(uint32_t, SELF) = (SWIFT void (*)(uint32_t, SELF))dlsym(RTLD_NEXT, LOCK);
    real(thread, self);
    if (__tsan_acquire) __tsan_acquire(self);
}

SWIFT void unlock_slow(SELF) {
    SWIFT void (*real)(SELF) = (SWIFT void (*)(SELF))dlsym(RTLD_NEXT, UNLOCK);
    if (__tsan_release) __tsan_release(self);
    real(self);
}
