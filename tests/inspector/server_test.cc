// The debuggers' server as a host sees it: inspector_server.h. What clients see is tested by test_server.py.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "cleat/cleat.h"
#include "cleat/inspector_server.h"

namespace {

std::string Text(CleatString string) { return std::string(string.data, string.length); }

// A server that keeps what it has to tell.
class Server {
 public:
  Server() : Server(CLEAT_INSPECTOR_SERVER_OPTIONS_INIT) {}
  explicit Server(CleatInspectorServerOptions options) {
    options.data = this;
    options.notice = [](void* data, CleatString text) {
      auto* self = static_cast<Server*>(data);
      std::lock_guard<std::mutex> lock(self->mutex_);
      self->notices_.push_back(Text(text));
      if (self->notices_.size() == 1) self->first_.set_value();
    };
    server_ = cleat_inspector_server_open(&options, &error_);
  }
  ~Server() {
    Close();
    cleat_error_free(error_);
  }

  operator CleatInspectorServer*() const { return server_; }
  void Close() {
    cleat_inspector_server_close(server_);
    server_ = nullptr;
  }
  std::string error() const { return error_ == nullptr ? "" : Text(cleat_error_message(error_)); }
  int kind() const { return error_ == nullptr ? -1 : static_cast<int>(cleat_error_kind(error_)); }
  std::vector<std::string> notices() {
    std::lock_guard<std::mutex> lock(mutex_);
    return notices_;
  }
  void WaitNotice() { first_.get_future().wait(); }

  CleatRuntime* Open(CleatInspectorStart start = CLEAT_INSPECTOR_RUN) const {
    CleatOptions options = CLEAT_OPTIONS_INIT;
    options.inspector = cleat_inspector_server_inspector(server_);
    options.inspector_start = start;
    CleatRuntime* runtime = cleat_open(&options, nullptr);
    EXPECT_NE(runtime, nullptr);
    return runtime;
  }

  std::string Url(const CleatRuntime* runtime) const {
    char* url = cleat_inspector_server_url(server_, runtime);
    std::string text = url == nullptr ? "" : url;
    free(url);
    return text;
  }

 private:
  CleatInspectorServer* server_ = nullptr;
  CleatError* error_ = nullptr;
  std::mutex mutex_;
  std::vector<std::string> notices_;
  std::promise<void> first_;
};

// What a client that connects, sends `text` and waits gets.
std::string Exchange(uint16_t port, const std::string& text) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  std::string answer;
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) {
    EXPECT_EQ(write(fd, text.data(), text.size()), static_cast<ssize_t>(text.size()));
    char part[4096];
    ssize_t length;
    while ((length = read(fd, part, sizeof(part))) > 0) answer.append(part, static_cast<size_t>(length));
  }
  close(fd);
  return answer;
}

TEST(InspectorServer, ListensOnAnyFreePortOfThisMachineUnlessToldOtherwise) {
  Server server;
  ASSERT_NE(server, nullptr) << server.error();
  uint16_t port = cleat_inspector_server_port(server);
  EXPECT_NE(port, 0);
  CleatRuntime* runtime = server.Open();
  std::string url = server.Url(runtime);
  EXPECT_EQ(url.rfind("ws://127.0.0.1:" + std::to_string(port) + "/", 0), 0u) << url;
  EXPECT_EQ(server.notices(), (std::vector<std::string>{"Debugger listening on " + url}));
  cleat_release(runtime);
}

TEST(InspectorServer, ListsSeveralRuntimes) {
  Server server;
  CleatRuntime* first = server.Open();
  CleatRuntime* second = server.Open();
  EXPECT_NE(server.Url(first), server.Url(second));
  std::string list = Exchange(cleat_inspector_server_port(server), "GET /json HTTP/1.0\r\nHost: localhost\r\n\r\n");
  for (CleatRuntime* runtime : {first, second}) {
    std::string url = server.Url(runtime);
    EXPECT_NE(list.find(url.substr(url.rfind('/') + 1)), std::string::npos) << list;
  }
  std::string gone = server.Url(first);
  cleat_release(first);
  EXPECT_EQ(server.Url(first), "");
  list = Exchange(cleat_inspector_server_port(server), "GET /json HTTP/1.0\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(list.find(gone.substr(gone.rfind('/') + 1)), std::string::npos) << list;
  cleat_release(second);
}

TEST(InspectorServer, TitlesMayBeAnything) {
  Server server;
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.inspector = cleat_inspector_server_inspector(server);
  options.inspector_title = "/a \"b\\\n\xC3\xA4\xFF\xED\xA0\x80";
  CleatRuntime* runtime = cleat_open(&options, nullptr);
  std::string list = Exchange(cleat_inspector_server_port(server), "GET /json HTTP/1.0\r\nHost: localhost\r\n\r\n");
  EXPECT_NE(list.find("\"title\": \"/a \\\"b\\\\\\u000a\xC3\xA4\\ufffd\\ufffd\\ufffd\\ufffd\""), std::string::npos)
      << list;
  EXPECT_NE(list.find("\"url\": \"file:///a%20%22b%5C%0A%C3%A4%FF%ED%A0%80\""), std::string::npos) << list;
  cleat_release(runtime);
}

TEST(InspectorServer, HasNoUrlOfRuntimesOfOthers) {
  Server server;
  CleatRuntime* runtime = cleat_open(nullptr, nullptr);
  EXPECT_EQ(server.Url(runtime), "");
  cleat_release(runtime);
}

TEST(InspectorServer, MayCloseBeforeItsRuntimes) {
  Server server;
  CleatRuntime* runtime = server.Open();
  server.Close();
  CleatResult result = cleat_eval(runtime, "debugger; 6 * 7", nullptr);
  EXPECT_EQ(cleat_data_number(result.value), 42);
  cleat_result_free(&result);
  cleat_release(runtime);
}

TEST(InspectorServer, ClosingEndsTheWaitForADebugger) {
  Server server;
  auto opening = std::async(std::launch::async, [&] { return server.Open(CLEAT_INSPECTOR_PAUSE); });
  server.WaitNotice();
  server.Close();
  CleatRuntime* runtime = opening.get();
  CleatResult result = cleat_eval(runtime, "6 * 7", nullptr);
  EXPECT_EQ(cleat_data_number(result.value), 42);
  cleat_result_free(&result);
  cleat_release(runtime);
}

TEST(InspectorServer, SaysWhyItCannotListen) {
  Server first;
  CleatInspectorServerOptions options = CLEAT_INSPECTOR_SERVER_OPTIONS_INIT;
  options.port = cleat_inspector_server_port(first);
  Server second(options);
  EXPECT_EQ(second, nullptr);
  EXPECT_EQ(second.kind(), CLEAT_ERROR_SYSTEM);
  EXPECT_EQ(second.error(),
            "the inspector cannot listen on 127.0.0.1:" + std::to_string(options.port) + ": Address already in use");
}

TEST(InspectorServer, RefusesWrongOptions) {
  CleatInspectorServerOptions options = CLEAT_INSPECTOR_SERVER_OPTIONS_INIT;
  options.host = "host.example";
  Server named(options);
  EXPECT_EQ(named.kind(), CLEAT_ERROR_BAD_ARGUMENT);
  EXPECT_EQ(named.error(),
            "option host: 'host.example' is no IP address; give one of this machine's, or \"localhost\"");
  options.host = "192.0.2.1";  // for documentation: no machine's
  Server foreign(options);
  EXPECT_EQ(foreign.kind(), CLEAT_ERROR_SYSTEM);
  EXPECT_NE(foreign.error().find("192.0.2.1:0: Cannot assign requested address"), std::string::npos) << foreign.error();
  options = {};
  Server sizeless(options);
  EXPECT_NE(sizeless.error().find("option size: not set"), std::string::npos) << sizeless.error();
}

TEST(InspectorServer, LeavesTheProcessesSignalsAlone) {
  struct sigaction before, after;
  sigaction(SIGPIPE, nullptr, &before);
  Server server;
  sigaction(SIGPIPE, nullptr, &after);
  EXPECT_EQ(before.sa_handler, after.sa_handler);
}

TEST(InspectorServer, ServersAndRuntimesComeAndGo) {
  for (int i = 0; i < 5; i++) {
    Server server;
    std::vector<std::thread> threads;
    for (int j = 0; j < 2; j++) {
      threads.emplace_back([&server] {
        CleatRuntime* runtime = server.Open();
        Exchange(cleat_inspector_server_port(server), "GET /json HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n");
        cleat_release(runtime);
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
}

}  // namespace
