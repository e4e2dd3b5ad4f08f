/// The entry of one fuzzer; PDX_FUZZ_TARGET names the function. Built by `./dev fuzz` alone.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    pdx::fuzz::PDX_FUZZ_TARGET({data, size});
    return 0;
}
