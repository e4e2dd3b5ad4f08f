#include "tests/ledger/support/log_fixture.h"

#include <fstream>
#include <iterator>
#include <map>

#include "base/crypto.h"
#include "tests/ledger/support/must.h"

namespace pdx::test {

using namespace pdx::ledger;

NoteSigner sample_signer(std::string_view name) {
    return {std::string(name), must(SigningKey::from_seed(Bytes(32, 7)))};
}

Entry sample_entry(std::uint64_t index) {
    return {.log = std::string(kOrigin),
            .kind = index % 3 == 0 ? "order.paid" : "order.created",
            .v = 9'000,  // of no schema: these tests are about the log
            .entity_type = "order",
            .entity_id = "o" + std::to_string(index % 5),
            .at = Timestamp{1'772'352'000'000'000 + static_cast<std::int64_t>(index)},
            .actor = index % 2 == 0 ? "system" : "p1",
            .actor_role = "buyer",
            .rule = "",
            .body = R"({"n":)" + std::to_string(index) + "}"};
}

std::vector<Entry> chained_entries(std::uint64_t size) {
    std::vector<Entry> entries;
    std::map<std::string, PreviousEntry> tails;
    for (std::uint64_t i = 0; i < size; ++i) {
        Entry entry = sample_entry(i);
        if (const auto tail = tails.find(entry.entity_id); tail != tails.end()) {
            entry.prev = tail->second;
        }
        tails[entry.entity_id] = {i, leaf_hash(encode_entry(entry))};
        entries.push_back(std::move(entry));
    }
    return entries;
}

std::string read_text(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write_text(const std::filesystem::path& path, std::string_view text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

void overwrite(const std::filesystem::path& path, std::size_t offset, char byte) {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(offset));
    file.put(byte);
}

SampleLog make_log(std::vector<Bytes> entries) {
    SampleLog log;
    log.entries = std::move(entries);
    Appender appender;
    for (const Bytes& entry : log.entries) {
        appender.append(leaf_hash(entry));
        log.tiles.add_entry(entry);
    }
    const SealedBatch batch = appender.seal();
    log.tiles.store(batch);
    log.checkpoint = {std::string(kOrigin), batch.size, batch.root, {}};
    log.note = sign_checkpoint(log.checkpoint, sample_signer());
    return log;
}

SampleLog make_log(std::uint64_t size) {
    std::vector<Bytes> entries;
    for (const Entry& entry : chained_entries(size)) entries.push_back(encode_entry(entry));
    return make_log(std::move(entries));
}

}  // namespace pdx::test
