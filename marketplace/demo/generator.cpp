#include "marketplace/demo/generator.h"

#include <algorithm>
#include <limits>
#include <string>

#include "base/check.h"
#include "marketplace/demo/columns.h"
#include "marketplace/demo/seed_assets.h"

namespace pdx::demo {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{64} << 10U;

const Model& model_of(int asset_no) {
    for (const auto models : {firm_models(), person_models(), city_models()}) {
        for (const auto& model : models) {
            if (model.asset_no == asset_no) {
                return model;
            }
        }
    }
    fail_check("every asset has a model", __FILE__, __LINE__);
}

/// Until `rows` are written or the file has `bytes_min`, whichever comes first.
std::uint64_t generate(int asset_no, std::uint64_t rows, std::uint64_t bytes_min,
                       std::uint64_t seed, const Sink& sink) {
    const Asset& what = asset(asset_no);
    const Model& model = model_of(asset_no);
    PDX_CHECK(std::equal(
        model.columns.begin(), model.columns.end(), what.fields.begin(), what.fields.end(),
        [](const auto& column, const auto& field) { return column.name == field.name; }));
    std::string out;
    out.reserve(kPieceBytes + 4096);
    for (const auto& column : model.columns) {
        out += column.name;
        out += ',';
    }
    out.back() = '\n';
    std::uint64_t written = 0;
    const auto asset_seed = mix(seed) + static_cast<std::uint64_t>(asset_no);
    for (std::uint64_t index = 0; index < rows && written + out.size() < bytes_min; ++index) {
        Row row;
        row.seed = seed;
        row.index = index;
        row.random = stream(asset_seed, index, 0);
        model.prepare(row);
        for (const auto& column : model.columns) {
            column.write(row, out);
            out += ',';
        }
        out.back() = '\n';
        if (out.size() >= kPieceBytes) {
            sink(out);
            written += out.size();
            out.clear();
        }
    }
    if (!out.empty()) {
        sink(out);
    }
    return written + out.size();
}

}  // namespace

std::uint64_t default_rows(int asset_no) { return asset_no == 1 ? 50000 : 1000; }

std::uint64_t generate_csv(int asset_no, std::uint64_t rows, std::uint64_t seed, const Sink& sink) {
    return generate(asset_no, rows, std::numeric_limits<std::uint64_t>::max(), seed, sink);
}

std::uint64_t generate_csv_of_size(int asset_no, std::uint64_t bytes_min, std::uint64_t seed,
                                   const Sink& sink) {
    return generate(asset_no, std::numeric_limits<std::uint64_t>::max(), bytes_min, seed, sink);
}

}  // namespace pdx::demo
