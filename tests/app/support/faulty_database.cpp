#include "tests/app/support/faulty_database.h"

#include <utility>

#include "base/error.h"

namespace pdx::test {
namespace {

class FaultyConnection final : public sql::Connection {
public:
    FaultyConnection(std::unique_ptr<sql::Connection> inner, FaultPlan& plan)
        : inner_(std::move(inner)),
          plan_(plan) {}

    std::int64_t execute(const sql::Query& query, std::span<const sql::Parameter> values) override {
        before_statement();
        return inner_->execute(query, values);
    }
    std::vector<sql::Row> select(const sql::Query& query,
                                 std::span<const sql::Parameter> values) override {
        before_statement();
        return inner_->select(query, values);
    }
    void execute_script(std::string_view script) override { inner_->execute_script(script); }
    void prepare(const sql::Query& query) override { inner_->prepare(query); }
    void begin() override {
        before_statement();
        inner_->begin();
    }
    void commit() override {
        const Fault fault = plan_.fault;
        if (fault >= Fault::kCommitFails) plan_ = {};
        switch (fault) {
            case Fault::kCommitFails:
                inner_->rollback();
                throw sql::StorageFailure("scripted: commit");
            case Fault::kCommitUnheard:
                inner_->commit();
                throw sql::CommitUnknown("scripted: committed");
            case Fault::kCommitLost:
                inner_->rollback();
                throw sql::CommitUnknown("scripted: rolled back");
            case Fault::kCrashBeforeCommit: throw Crashed{};
            case Fault::kCrashAfterCommit: inner_->commit(); throw Crashed{};
            default: inner_->commit();
        }
    }
    void rollback() override { inner_->rollback(); }
    void savepoint() override { inner_->savepoint(); }
    void release_savepoint() override { inner_->release_savepoint(); }
    void rollback_to_savepoint() override { inner_->rollback_to_savepoint(); }
    void make_durable() override {
        before_statement();
        inner_->make_durable();
    }
    bool scrub() override { return inner_->scrub(); }
    std::string_view dialect() const override { return inner_->dialect(); }

private:
    void before_statement() {
        if (plan_.fault == Fault::kNone || plan_.fault >= Fault::kCommitFails) return;
        if (plan_.statements-- > 0) return;
        const Fault fault = std::exchange(plan_, {}).fault;
        if (fault == Fault::kCrash) throw Crashed{};
        if (fault == Fault::kStatementBusy) {
            throw busy("database.busy", {"scripted", "scripted"});
        }
        throw sql::StorageFailure("scripted: statement");
    }

    std::unique_ptr<sql::Connection> inner_;
    FaultPlan& plan_;
};

}  // namespace

std::unique_ptr<sql::Connection> FaultyDatabase::open() {
    return std::make_unique<FaultyConnection>(inner_.open(), plan_);
}

}  // namespace pdx::test
