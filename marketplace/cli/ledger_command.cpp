#include <Poco/URI.h>

#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"
#include "marketplace/cli/commands.h"
#include "marketplace/cli/log_download.h"
#include "marketplace/cli/progress.h"

namespace pdx::cli {
namespace {

struct ExportOptions {
    std::string url = "http://127.0.0.1:8080";
    std::string folder;
    bool json = false;
};

struct UploadOptions {
    std::string url = "http://127.0.0.1:8080";
    std::string resource;
    std::string file;
    std::string token_file;
};

ApiClient client_of(const std::string& url, const std::string& token = {}) {
    const Poco::URI uri(url);
    if (uri.getScheme() != "http" || uri.getHost().empty()) {
        throw invalid("url", {"The address of an exchange looks like http://127.0.0.1:8080",
                              "交易平台地址形如 http://127.0.0.1:8080"});
    }
    return {uri.getHost(), uri.getPort(), token};
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

}  // namespace

void add_ledger_commands(CLI::App& app, int& status) {
    auto* ledger = app.add_subcommand("ledger", "the public ledger");
    ledger->require_subcommand(1);
    auto* command = ledger->add_subcommand(
        "export", "download the ledger as static files, for pdx verify log; goes on where it was");
    auto options = std::make_shared<ExportOptions>();
    command->add_option("DIR", options->folder, "where the files go")->required();
    command->add_option("--url", options->url, "the exchange")->capture_default_str();
    command->add_flag("--json", options->json, "print JSON");
    command->callback([options, &status] {
        ProgressBar bar("Downloading");
        const std::uint64_t size = download_log(
            client_of(options->url), options->folder,
            [&bar](std::uint64_t done, std::uint64_t total) { bar.update(done, total); });
        if (options->json) {
            std::cout << nlohmann::json{{"entries", size}, {"folder", options->folder}}.dump()
                      << "\n";
        } else {
            std::cout << size << " entries are in " << options->folder << "\n";
        }
        status = 0;
    });

    auto* upload = app.add_subcommand("upload", "upload a CSV as a dataset of a resource");
    auto input = std::make_shared<UploadOptions>();
    upload->add_option("RESOURCE", input->resource, "id of the resource")->required();
    upload->add_option("FILE", input->file, "the CSV, UTF-8 or GB18030")->required();
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
        const ApiAnswer answer =
            client_of(input->url, read_token(input->token_file))
                .upload_csv("/api/v1/resources/" + input->resource + "/datasets", file, bytes,
                            [&](std::uint64_t sent) { bar.update(sent, bytes); });
        std::cout << answer.body << "\n";
        constexpr int kCreated = 201;
        status = answer.status == kCreated ? 0 : kExitFailed;
    });
}

}  // namespace pdx::cli
