#include "marketplace/cli/ledger_gate.h"

#include <fstream>
#include <iterator>

#include "ledger/checkpoint.h"
#include "ledger/head_record.h"
#include "ledger/merkle.h"
#include "ledger/store/log_store.h"
#include "ledger/tree.h"

namespace pdx::cli {
namespace {

namespace fs = std::filesystem;

/// What the export shows, when there is one already.
std::optional<ledger::SeenHead> seen_by_export(const fs::path& folder,
                                               std::span<const ledger::NoteVerifier> keys) {
    const fs::path path = folder / "checkpoint";
    if (folder.empty() || !fs::exists(path)) return std::nullopt;
    std::ifstream file(path, std::ios::binary);
    const std::string note{std::istreambuf_iterator<char>(file), {}};
    const auto opened = ledger::open_checkpoint(note, keys);
    if (opened.status != ledger::CheckpointStatus::kVerified) {
        const std::string reason(ledger::describe(opened.status));
        throw conflict("ledger.export_unverified",
                       {"The checkpoint in the export folder is not one of this ledger: " + reason +
                            ". Name the right folder with --export. If it is the right one, the "
                            "database does not know the keys of its own ledger: restore a newer "
                            "copy of it.",
                        "导出目录中的检查点不属于本账本。请用 --export 指定正确的目录；若目录无误，"
                        "说明数据库是较旧的副本，请恢复较新的备份。"},
                       {.pointer = path.string()});
    }
    return ledger::SeenHead{
        {"The export", "导出目录"}, opened.checkpoint.size, opened.checkpoint.root};
}

[[noreturn]] void refuse(std::span<const ledger::Rollback> rollbacks) {
    Text text;
    for (const ledger::Rollback& one : rollbacks) {
        const Text sentence = one.text();
        text.en += sentence.en + ' ';
        text.zh += sentence.zh;
    }
    const Text advice = ledger::recovery_advice(rollbacks);
    throw conflict("ledger.rolled_back", {text.en + advice.en, text.zh + advice.zh});
}

}  // namespace

fs::path record_file(const fs::path& data) { return data / "ledger-record"; }

std::optional<Text> GateReport::notice() const {
    if (!record_lost) return std::nullopt;
    std::string names;
    for (const std::string& name : agreed) names += (names.empty() ? "" : ", ") + name;
    const std::string entries = std::to_string(size);
    if (agreed.empty()) {
        return Text{"The record of what this ledger signed was missing and begins anew at " +
                        entries +
                        " entries. Nothing else was there to compare the database with: if it was "
                        "restored from a copy, make sure that it is the newest.",
                    "账本签发记录缺失，现自第 " + entries +
                        " 条起重新记录。没有其他来源可供比对：如数据库系由备份恢复，"
                        "请确认其为最新备份。"};
    }
    return Text{"The record of what this ledger signed was missing and begins anew at " + entries +
                    " entries; the database agrees with: " + names + ".",
                "账本签发记录缺失，现自第 " + entries + " 条起重新记录；数据库与下列来源一致：" +
                    names + "。"};
}

GateReport check_rollback(const Settings& settings, sql::Connection& db, const LedgerKeys& keys,
                          std::span<const ledger::SeenHead> witnesses) {
    const auto head = ledger::LogStore(db, settings.origin).head();
    GateReport report{head ? head->size : 0, head ? head->root : ledger::empty_root(), false, {}};
    std::vector<ledger::SeenHead> seen(witnesses.begin(), witnesses.end());
    const auto recorded = ledger::read_last_head(record_file(settings.data), settings.origin);
    if (recorded)
        seen.push_back({{"The local record", "本地签发记录"}, recorded->size, recorded->root});
    report.record_lost = !recorded && report.size > 0;
    if (auto exported = seen_by_export(settings.export_folder, keys.ever)) {
        seen.push_back(std::move(*exported));
    }
    ledger::SqlTileReader tiles(db, settings.origin);
    const auto root_at = [&](std::uint64_t size) {
        return size == report.size ? report.root : ledger::root_at(tiles, size);
    };
    const auto rollbacks = ledger::find_rollbacks(report.size, root_at, seen);
    if (!rollbacks.empty()) refuse(rollbacks);
    for (const ledger::SeenHead& one : seen) report.agreed.push_back(one.source.en);
    return report;
}

}  // namespace pdx::cli
