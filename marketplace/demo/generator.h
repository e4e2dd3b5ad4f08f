#pragma once
/// Invented rows for the assets of the demo city: CSV with a header line, UTF-8, '\n' after each
/// row. Numbers carry valid check digits, in the unassigned region 320299 where the number names
/// one, so that a resident ID or credit code is nobody's; names, firms, addresses and telephone
/// numbers are drawn from lists. The same asset and seed give the same bytes everywhere, and fewer
/// rows give a prefix of more. Enterprise n is the same firm in every asset under one seed.
#include <cstdint>
#include <functional>
#include <string_view>

namespace pdx::demo {

/// Takes the next piece of the file, whole rows, some 64 KiB.
using Sink = std::function<void(std::string_view)>;

/// 50,000 for asset 1, the enterprise register; 1,000 for the others.
std::uint64_t default_rows(int asset_no);

/// Requires: 1 <= asset_no <= 20 (checked). Constant memory. Returns: bytes written.
std::uint64_t generate_csv(int asset_no, std::uint64_t rows, std::uint64_t seed, const Sink& sink);

/// As many whole rows as it takes to reach `bytes_min`. Returns: bytes written.
std::uint64_t generate_csv_of_size(int asset_no, std::uint64_t bytes_min, std::uint64_t seed,
                                   const Sink& sink);

}  // namespace pdx::demo
