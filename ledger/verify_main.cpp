/// pdx-verify: checks receipts and downloaded ledgers offline. Needs nothing but ledger/ and base/.
#include <openssl/crypto.h>
#include <unistd.h>

#include <exception>
#include <iostream>
#include <string_view>
#include <vector>

#include "ledger/verify_command.h"

int main(int argc, char** argv) {
    // The verdict depends on no configuration of the machine, and nothing is loaded at run time.
    ::OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
    try {
        const std::vector<std::string_view> args(argv + 1, argv + argc);
        const bool terminal = ::isatty(STDERR_FILENO) == 1;
        const auto exit = pdx::ledger::run_verify(args, std::cout, std::cerr, terminal);
        return static_cast<int>(exit);
    } catch (const std::exception& failure) {
        std::cerr << "pdx-verify: " << failure.what() << '\n';
        return static_cast<int>(pdx::ledger::VerifyExit::kOther);
    }
}
