#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>

// Counts allocations: replaces operator new of the test program whose one source includes this, so that nothing that
// is called can hide. Named *_allocation_test.cc, such a source is left out under ThreadSanitizer, which replaces it
// too.
namespace sallyport::base::test {

// Of the calling thread: other tests' peers have threads of their own.
inline thread_local std::size_t allocations = 0;

inline void* counted(std::size_t size) noexcept {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}

}  // namespace sallyport::base::test

void* operator new(std::size_t size) {
  if (void* memory = sallyport::base::test::counted(size)) return memory;
  throw std::bad_alloc();
}
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return sallyport::base::test::counted(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return sallyport::base::test::counted(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
