#include "ledger/rollback_gate.h"

#include <algorithm>

#include "base/check.h"

namespace pdx::ledger {
namespace {

std::string shown(const std::optional<Digest>& root) {
    return root ? to_base64(root->view()) : std::string("?");
}

}  // namespace

Text Rollback::text() const {
    const std::string seen_size = std::to_string(seen.size);
    if (kind == RollbackKind::kAhead) {
        const std::string ours = std::to_string(size);
        return {seen.source.en + " saw a tree of " + seen_size +
                    " entries; the database holds only " + ours + ".",
                seen.source.zh + "曾见过含 " + seen_size + " 条记录的账本，而数据库中仅有 " + ours +
                    " 条。"};
    }
    return {seen.source.en + " saw another tree of " + seen_size + " entries (root " +
                shown(seen.root) + ") than the database holds (root " + shown(root) + ").",
            seen.source.zh + "所见的 " + seen_size + " 条记录的账本（根 " + shown(seen.root) +
                "）与数据库中的（根 " + shown(root) + "）不同。"};
}

std::vector<Rollback> find_rollbacks(std::uint64_t size, const RootAt& root_at,
                                     std::span<const SeenHead> seen) {
    std::vector<Rollback> found;
    for (const SeenHead& head : seen) {
        if (head.size > size) {
            found.push_back({RollbackKind::kAhead, head, size, std::nullopt});
        } else if (head.root) {
            const Digest ours = root_at(head.size);
            if (ours != *head.root) found.push_back({RollbackKind::kForked, head, size, ours});
        }
    }
    return found;
}

Text recovery_advice(std::span<const Rollback> rollbacks) {
    PDX_CHECK(!rollbacks.empty());
    const bool forked = std::any_of(rollbacks.begin(), rollbacks.end(), [](const Rollback& one) {
        return one.kind == RollbackKind::kForked;
    });
    if (forked) {
        return {
            "Nothing is signed. Two histories exist, or the database was altered: keep this "
            "database and what the source holds as evidence. If another copy of the database "
            "agrees with the source, restore it and start again. If none does, this log is "
            "over: leave its folder as it is, tell those who rely on it, and begin a "
            "successor log in a new folder under a new --origin.",
            "已停止签发。存在两份不同的历史，或数据库被改动：请将现有数据库与上述来源的内容"
            "一并留作证据。如有与来源一致的数据库备份，请恢复后重新启动；如没有，本账本即告"
            "终止：保留原目录，告知各依赖方，并在新目录中以新的 --origin 建立后继账本。"};
    }
    std::uint64_t least = 0;
    for (const Rollback& one : rollbacks) least = std::max(least, one.seen.size);
    const std::string entries = std::to_string(least);
    return {
        "Nothing is signed, because that would be a second history. Restore a newer copy of "
        "the database, one with at least " +
            entries +
            " entries, and start again. The entries alone, from an export, do not rebuild the "
            "orders and accounts that belong to them. If there is no newer copy, this log is "
            "over: leave its folder as it is, tell those who rely on it, and begin a successor "
            "log in a new folder under a new --origin.",
        "已停止签发，否则将产生第二份历史。请恢复较新的数据库备份（至少含 " + entries +
            " 条记录）后重新启动。仅凭导出的账本记录无法重建相应的订单与账目。如没有较新的备份"
            "，本账本即告终止：保留原目录，告知各依赖方，并在新目录中以新的 --origin "
            "建立后继账本。"};
}

}  // namespace pdx::ledger
