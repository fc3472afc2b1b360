// `etude serve`: the report's page in a browser of this machine, live while a sweep runs.
#include <fmt/format.h>
#include <httplib.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <thread>

#include "cli/command.hpp"
#include "cli/signals.hpp"
#include "report/site.hpp"

namespace etude::cli {
namespace {

constexpr const char* loopback = "127.0.0.1";
constexpr int usual_port = 8400;

struct ServeOptions {
    std::filesystem::path folder;
    int port = usual_port;
};

/// A page of elsewhere may make its own name mean this machine (DNS rebinding); the browser then still sends that name.
bool is_for_this_machine(const std::string& host, int port) {
    for (const char* name : {loopback, "localhost"})
        if (host == fmt::format("{}:{}", name, port) || (port == 80 && host == name)) return true;
    return false;
}

void refuse(httplib::Response& response, int status, const std::string& why) {
    response.status = status;
    response.set_content(why + "\n", "text/plain; charset=utf-8");
}

void protect(httplib::Server& server, const int& port) {
    server.set_pre_routing_handler([&port](const httplib::Request& request, httplib::Response& response) {
        if (!is_for_this_machine(request.get_header_value("Host"), port))
            refuse(response, 403, "this page is for browsers of the machine it runs on");
        else if (request.method != "GET") refuse(response, 405, "there is nothing to do but GET");
        else return httplib::Server::HandlerResponse::Unhandled;
        return httplib::Server::HandlerResponse::Handled;
    });
    server.set_default_headers({{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}, {"Cross-Origin-Resource-Policy", "same-origin"},
                                {"Referrer-Policy", "no-referrer"}});
}

/// What `site` has, one request after the other.
void answer(httplib::Server& server, Site& site, std::mutex& one_at_a_time) {
    server.Get(".*", [&](const httplib::Request& request, httplib::Response& response) {
        try {
            const std::lock_guard lock(one_at_a_time);
            if (const auto asset = site.find(request.path)) response.set_content(asset->body, asset->type.c_str());
            else refuse(response, 404, "there is nothing of that name");
        } catch (const Error& error) {  // the folder may be gone, or about to be filled again
            refuse(response, 503, error.what());
        }
    });
}

/// The port that is listened at.
int bind(httplib::Server& server, int wanted) {
    // Without SO_REUSEPORT, the library's own choice, with which a second server would share the port.
    server.set_socket_options([](auto socket) {
        const int yes = 1;
        ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    const int port = wanted == 0 ? server.bind_to_any_port(loopback) : server.bind_to_port(loopback, wanted) ? wanted : -1;
    if (port <= 0)
        throw Error(fmt::format("port {} cannot be listened at: in use, or not allowed", wanted),
                    "choose another with `--port`; 0 takes one that is free");
    return port;
}

int serve(const ServeOptions& options) {
    Site site(options.folder);
    std::mutex one_at_a_time;  // guards `site`
    const std::atomic<bool>& stop = watch_signals();
    httplib::Server server;
    server.new_task_queue = [] { return new httplib::ThreadPool(4); };  // the server's, which frees it
    server.set_keep_alive_timeout(1);  // s; so long an idle connection may hold up the end
    const int port = bind(server, options.port);
    protect(server, port);
    answer(server, site, one_at_a_time);
    fmt::print("serving {} at http://{}:{}/ for browsers of this machine; Ctrl-C ends\n", options.folder.string(), loopback, port);
    std::fflush(stdout);
    std::thread listener([&] { server.listen_after_bind(); });
    while (!stop.load()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    server.stop();
    listener.join();
    return 128 + caught_signal();
}

}  // namespace

void add_serve(CLI::App& app, Action& action) {
    auto options = std::make_shared<ServeOptions>();
    CLI::App* command = app.add_subcommand("serve", "Serve the report's page to a browser of this machine, live while a sweep runs");
    command->add_option("folder", options->folder, "Folder of results")->required()->type_name("DIR");
    command->add_option("--port", options->port, fmt::format("Port on the loopback interface (default {}); 0 takes a free one", usual_port))
        ->check(CLI::Range(0, 65535))
        ->type_name("N");
    command->callback([options, &action] { action = [options] { return serve(*options); }; });
}

}  // namespace etude::cli
