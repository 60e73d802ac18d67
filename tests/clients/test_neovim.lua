-- SPDX-License-Identifier: Apache-2.0
-- Neovim's own client, without the plugin: what users get from `vim.lsp.enable` alone.
package.path = vim.env.CHATVIM_ROOT .. "/tests/clients/?.lua;" .. package.path
local case = require("helpers.case")
local start = require("start")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local CHAT = '+++\nmodel = "m1"\n+++\n\n# === USER ===\n\nWhy?\n'

--- Asks the server about the cursor's place, and returns the result.
local function ask(child, method, more)
  return child:lua(
    [[
    local method, more = ...
    local client = vim.lsp.get_clients({ bufnr = 0 })[1]
    local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
    params = vim.tbl_extend("force", params, more or {})
    local answers = vim.lsp.buf_request_sync(0, method, params, 10000)
    return answers[client.id] and answers[client.id].result
  ]],
    method,
    more or vim.empty_dict()
  )
end

--- Completes as <C-x><C-o> does, with 'omnifunc' as the client sets it, and returns the words of
--- the menu.
local function omni(child)
  child:lua([[
    vim.o.completeopt = "menuone,noselect"
    _G.words = nil
    vim.api.nvim_create_autocmd("CompleteChanged", {
      once = true,
      callback = function()
        _G.words = vim.tbl_map(function(item)
          return item.word
        end, vim.fn.complete_info({ "items" }).items)
      end,
    })
  ]])
  child:type("A<C-x><C-o>")
  local words = wait.until_true("the menu", function()
    return child:lua("return _G.words") ~= vim.NIL and child:lua("return _G.words")
  end)
  child:type("<Esc><Esc>")
  return words
end

T["omni completion has keys, models and files"] = function()
  local child = start.neovim()
  vim.fn.writefile({ "x" }, child.folder .. "/notes.txt")
  start.open(child, '+++\nmodel = ""\ntemp\n+++\n\n# === USER ===\n\n![](no\n')
  case.expect_part(child:lua("return vim.bo.omnifunc"), "vim.lsp.omnifunc")
  child:command("3")
  case.expect_part(table.concat(omni(child), "\n"), "temperature")
  child:command("2 | normal! $h")
  -- The cursor is inside the quotes.
  local models = ask(child, "textDocument/completion").items
  eq(models[1].label, "m1")
  child:command("8")
  eq(omni(child), { "notes.txt" })
  eq(start.stop_server(child), 0)
end

T["hover, symbols, inlay hints and definition"] = function()
  local child = start.neovim()
  vim.fn.writefile({ "first line" }, child.folder .. "/notes.txt")
  start.open(child, CHAT .. "\n![](notes.txt)\n")
  child:command("normal! G")
  child:lua("vim.lsp.buf.hover()")
  local shown = wait.until_true("the hover window", function()
    return child:lua([[
      for _, win in ipairs(vim.api.nvim_list_wins()) do
        if vim.api.nvim_win_get_config(win).relative ~= "" then
          local buf = vim.api.nvim_win_get_buf(win)
          return table.concat(vim.api.nvim_buf_get_lines(buf, 0, -1, true), "\n")
        end
      end
      return false
    ]])
  end)
  case.expect_part(shown, "first line")
  child:lua([[
    vim.lsp.buf.document_symbol({
      on_list = function(list)
        _G.symbols = vim.tbl_map(function(item)
          return item.text
        end, list.items)
      end,
    })
  ]])
  local names = wait.until_true("the symbols", function()
    local symbols = child:lua("return _G.symbols")
    return symbols ~= vim.NIL and symbols
  end)
  case.expect_part(table.concat(names, "\n"), "Why?")
  child:command("normal! G")
  child:lua("vim.lsp.inlay_hint.enable(true)")
  wait.until_true("inlay hints", function()
    return child:lua("return #vim.lsp.inlay_hint.get({ bufnr = 0 }) > 0")
  end)
  child:lua("vim.lsp.buf.definition()")
  wait.until_true("the file", function()
    return child:lua("return vim.fs.basename(vim.api.nvim_buf_get_name(0))") == "notes.txt"
  end)
  eq(start.stop_server(child), 0)
end

T["diagnostics follow typing, and a code action repairs the line"] = function()
  local child = start.neovim()
  start.open(child, CHAT)
  child:command("2")
  child:type("otemprature = 1<Esc>")
  wait.until_true("a diagnostic", function()
    return child:lua("return #vim.diagnostic.get(0) > 0")
  end)
  child:lua([[
    vim.lsp.buf.code_action({
      apply = true,
      filter = function(action)
        return action.title:find("temperature", 1, true) ~= nil
      end,
    })
  ]])
  child:wait_text("\ntemperature = 1\n")
  wait.until_true("no diagnostics", function()
    return child:lua("return #vim.diagnostic.get(0) == 0")
  end)
  eq(start.stop_server(child), 0)
end

--- Starts an answer by the command, as a key map would.
local function complete(child)
  child:lua([[
    local client = vim.lsp.get_clients({ bufnr = 0 })[1]
    local uri = vim.uri_from_bufnr(0)
    local params = { command = "chatvim.complete", arguments = { uri } }
    _G.started = vim.uv.hrtime()
    _G.edits, _G.ended = {}, nil
    vim.api.nvim_buf_attach(0, false, {
      on_lines = function()
        table.insert(_G.edits, (vim.uv.hrtime() - _G.started) / 1e6)
      end,
    })
    vim.api.nvim_create_autocmd("LspProgress", {
      callback = function(event)
        local value = event.data.params and event.data.params.value or event.data.result.value
        _G.ended = _G.ended or value.kind == "end"
      end,
    })
    if vim.fn.has("nvim-0.11") == 1 then
      client:request("workspace/executeCommand", params)
    else
      client.request("workspace/executeCommand", params)
    end
  ]])
end

local function wait_end(child)
  wait.until_true("the end of the answer", function()
    return child:lua("return _G.ended") == true
  end)
end

local function report(child, what)
  local times = child:lua("return _G.edits")
  local seconds = (times[#times] - times[1]) / 1000
  print(
    ("%s: first edit after %.0f ms, %d edits in %.2f s"):format(what, times[1], #times, seconds)
  )
end

T["an answer is streamed into the buffer, without a message"] = function()
  local child = start.neovim({ name = "neovim" })
  case.standin:script({
    {
      steps = {
        { deltas = { text = "word {n} 😀\n", count = 60, per_second = 60, role = true } },
        { finish = "stop" },
      },
    },
  })
  start.open(child, CHAT)
  complete(child)
  wait_end(child)
  local words = {}
  for i = 1, 60 do
    words[i] = ("word %d 😀"):format(i)
  end
  local expected = CHAT .. "\n# === ASSISTANT ===\n\n" .. table.concat(words, "\n")
  eq(child:text(), expected .. "\n\n# === USER ===\n\n")
  report(child, "streamed")
  -- Nothing that the user has to dismiss.
  eq(child:messages(), "")
  eq(start.stop_server(child), 0)
end

T["the user types in the question while the answer is streamed below"] = function()
  local child = start.neovim()
  case.standin:script({
    {
      steps = {
        { deltas = { text = "word {n} ", count = 300, per_second = 150, role = true } },
        { finish = "stop" },
      },
    },
  })
  start.open(child, CHAT)
  complete(child)
  child:wait_text("word 1 ")
  child:command("7")
  child:type("A")
  local typed = {}
  -- A key every few milliseconds: most edits meet a buffer that has just changed.
  wait.until_true("the end of the answer", function()
    if #typed < 200 then
      typed[#typed + 1] = string.char(97 + #typed % 26)
      child:type(typed[#typed])
    end
    return child:lua("return _G.ended") == true
  end)
  child:type("<Esc>")
  local words = {}
  for i = 1, 300 do
    words[i] = ("word %d "):format(i)
  end
  local question = CHAT:gsub("Why%?\n", "Why?" .. table.concat(typed) .. "\n")
  local expected = question .. "\n# === ASSISTANT ===\n\n" .. table.concat(words)
  eq(child:text(), expected .. "\n\n# === USER ===\n\n")
  eq(start.stop_server(child), 0)
end

T["the key map of the help answers the chat"] = function()
  local child = start.neovim()
  if child:lua("return vim.fn.has('nvim-0.11')") == 0 then
    return
  end
  case.standin:script({ { steps = { { deltas = { text = { "Hi." } } }, { finish = "stop" } } } })
  start.open(child, CHAT)
  local help = table.concat(vim.fn.readfile(vim.env.CHATVIM_ROOT .. "/doc/chatvim.txt"), "\n")
  local section = help:match("%*chatvim%-lsp%*\n(.-)\n====")
  child:lua(assert(section:match("\n    (vim%.keymap%.set.-\n    end%))")))
  child:type("\\cvc")
  child:wait_text("Hi.\n\n# === USER ===")
  eq(start.stop_server(child), 0)
end

T["settings come from init_options"] = function()
  local child = start.neovim({ settings = { model = "m2" } })
  case.standin:script({
    { match = { model = "m2" }, json = { choices = { { message = { content = "Hi." } } } } },
  })
  start.open(child, "# === USER ===\n\nWhy?\n")
  complete(child)
  wait_end(child)
  eq(case.standin:requests(1)[1].json.model, "m2")
  eq(start.stop_server(child), 0)
end

return T
