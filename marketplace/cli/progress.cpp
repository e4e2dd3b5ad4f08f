#include "marketplace/cli/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace pdx::cli {
namespace {

constexpr std::uint64_t kWidth = 40;
constexpr std::chrono::milliseconds kRedraw{100};

}  // namespace

ProgressBar::ProgressBar(std::string label)
    : label_(std::move(label)),
      visible_(::isatty(STDERR_FILENO) != 0) {}

ProgressBar::~ProgressBar() {
    if (drawn_) std::fputs("\n", stderr);
}

void ProgressBar::update(std::uint64_t done, std::uint64_t total) {
    const auto now = std::chrono::steady_clock::now();
    if (!visible_ || (now < next_ && done < total)) return;
    next_ = now + kRedraw;
    drawn_ = true;
    const std::uint64_t whole = std::max<std::uint64_t>(1, total);
    const auto filled = static_cast<std::size_t>(std::min(done, whole) * kWidth / whole);
    const std::string bar = std::string(filled, '#') + std::string(kWidth - filled, '.');
    std::fprintf(stderr, "\r%s [%s] %3llu %%", label_.c_str(), bar.c_str(),
                 static_cast<unsigned long long>(std::min(done, whole) * 100 / whole));
}

}  // namespace pdx::cli
