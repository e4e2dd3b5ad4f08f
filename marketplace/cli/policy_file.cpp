#include "marketplace/cli/policy_file.h"

#include <fstream>
#include <string>
#include <utility>
#include <variant>

#include "base/error.h"

namespace pdx::cli {

ledger::Policy load_policy(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::string text(ledger::kPolicyBytesMax + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (stream.bad() || !std::filesystem::is_regular_file(file)) {
        throw invalid("policy.unreadable",
                      {"The policy file cannot be read.", "无法读取策略文件。"},
                      {.pointer = file.string()});
    }
    auto parsed = ledger::parse_policy(text);
    if (const auto* fault = std::get_if<ledger::PolicyFault>(&parsed)) {
        const std::string line = std::to_string(fault->line);
        throw invalid("policy.malformed",
                      {"The policy's line " + line + ": " + fault->reason + ".",
                       "策略文件第 " + line + " 行有误：" + fault->reason + "。"},
                      {.pointer = file.string()});
    }
    return std::get<ledger::Policy>(std::move(parsed));
}

}  // namespace pdx::cli
