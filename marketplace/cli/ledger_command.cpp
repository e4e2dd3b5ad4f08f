#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"
#include "marketplace/cli/api_client.h"
#include "marketplace/cli/commands.h"
#include "marketplace/cli/log_copy.h"
#include "marketplace/cli/log_download.h"
#include "marketplace/cli/progress.h"
#include "privacy/table_format.h"

namespace pdx::cli {
namespace {

struct ExportOptions {
    std::string url = "http://127.0.0.1:8080";
    LogSource source;
    std::string folder;
    bool prune = false;
    bool json = false;
};

struct UploadOptions {
    std::string url = "http://127.0.0.1:8080";
    std::string resource;
    std::string file;
    std::string token_file;
};

ApiClient client_of(const std::string& url, const std::string& token = {}) {
    const auto parsed = http::ServerUrl::parse(url);
    if (!parsed || (!parsed->path.empty() && parsed->path != "/")) {
        throw invalid("url", {"The address of an exchange looks like http://127.0.0.1:8080",
                              "交易平台地址形如 http://127.0.0.1:8080"});
    }
    return ApiClient(parsed->server, token);
}

std::string read_token(const std::string& path) {
    std::ifstream file(path);
    std::string token;
    if (!std::getline(file, token)) {
        throw invalid("token.file", {"This file holds no token.", "该文件中没有访问令牌。"},
                      {.pointer = path});
    }
    return token;
}

std::uint64_t run_export(const ExportOptions& options) {
    ProgressBar bar("Exporting");
    ExportSettings settings;
    settings.progress = [&bar](std::uint64_t done, std::uint64_t total) {
        bar.update(done, total);
    };
    if (options.prune) settings.old_partials = ledger::OldPartials::kRemove;
    const bool is_local = !options.source.data.empty() || !options.source.database.empty();
    return is_local ? copy_log(options.source, options.folder, settings)
                    : download_log(LogAddress::parse(options.url), options.folder, settings);
}

void add_export_command(CLI::App& ledger, int& status) {
    auto* command = ledger.add_subcommand(
        "export",
        "write the ledger as static files (C2SP tlog-tiles), for pdx-verify, a CDN or file://; "
        "only what is new since the last export into the same folder");
    auto options = std::make_shared<ExportOptions>();
    command->add_option("DIR", options->folder, "where the files go")->required();
    auto* url = command->add_option("--url", options->url, "the exchange, or the log itself")
                    ->capture_default_str();
    command->add_option("--data", options->source.data, "without a server, from a data folder")
        ->excludes(url);
    command
        ->add_option("--db", options->source.database,
                     "without a server, from a database: sqlite:PATH or mysql://...")
        ->excludes(url);
    command->add_option("--origin", options->source.origin,
                        "with --db: the log, when the database holds several");
    command->add_flag("--prune", options->prune,
                      "remove partial tiles whose full tile is there now");
    command->add_flag("--json", options->json, "print JSON");
    command->callback([options, &status] {
        const std::uint64_t size = run_export(*options);
        if (options->json) {
            std::cout << nlohmann::json{{"entries", size}, {"folder", options->folder}}.dump()
                      << "\n";
        } else {
            std::cout << size << " entries are in " << options->folder << "\n";
        }
        status = 0;
    });
}

const char* media_type_of(const std::string& file) {
    return privacy::format_of_name(file) == privacy::TableFormat::kCsv ? "text/csv"
                                                                       : "application/x-ndjson";
}

}  // namespace

void add_ledger_commands(CLI::App& app, int& status) {
    auto* ledger = app.add_subcommand("ledger", "the public ledger");
    ledger->require_subcommand(1);
    add_rotate_command(*ledger, status);
    add_export_command(*ledger, status);

    auto* upload = app.add_subcommand("upload", "upload a table as a dataset of a resource");
    auto input = std::make_shared<UploadOptions>();
    upload->add_option("RESOURCE", input->resource, "id of the resource")->required();
    upload->add_option("FILE", input->file, "CSV, or JSON lines (.jsonl); UTF-8 or GB18030")
        ->required();
    upload->add_option("--token-file", input->token_file, "file with the provider's API token")
        ->required();
    upload->add_option("--url", input->url, "the exchange")->capture_default_str();
    upload->callback([input, &status] {
        std::ifstream file(input->file, std::ios::binary);
        if (!file) {
            throw invalid("file.unreadable", {"This file cannot be read.", "无法读取该文件。"},
                          {.pointer = input->file});
        }
        const std::uint64_t bytes = std::filesystem::file_size(input->file);
        ProgressBar bar("Uploading");
        const ApiAnswer answer = client_of(input->url, read_token(input->token_file))
                                     .upload("/api/v1/resources/" + input->resource + "/datasets",
                                             media_type_of(input->file), file, bytes,
                                             [&](std::uint64_t sent) { bar.update(sent, bytes); });
        std::cout << answer.body << "\n";
        constexpr int kCreated = 201;
        status = answer.status == kCreated ? 0 : kExitFailed;
    });
}

}  // namespace pdx::cli
