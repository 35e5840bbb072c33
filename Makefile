# 留客: `make run` starts the assistant, `make test` runs every test. Both bring what they need.

# Any working Python from 3.8 on. A pyenv shim fails in this folder where pyenv lacks 3.10, so others are tried.
PYTHON ?= $(firstword $(shell for p in python3 /usr/local/bin/python3 /usr/bin/python3 /opt/homebrew/bin/python3 \
	$${PYENV_ROOT:-$$HOME/.pyenv}/versions/*/bin/python3; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 8))' >/dev/null 2>&1 && echo "$$p" && break; done))
BOOTSTRAP = @test -n "$(PYTHON)" || { echo '✗ 没有找到 python3(3.8 以上):请先安装,再运行一次。' >&2; exit 1; }; \
	"$(PYTHON)" scripts/bootstrap.py
VENV := .venv/bin/python

unexport PYTHONPATH PYTHONHOME
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL ?= 3
export SQLALCHEMY_SILENCE_UBER_WARNING ?= 1

.DEFAULT_GOAL := help
ENCODER_PYTHON ?= python3.11

.PHONY: help setup run test train eval compare bench encoder lint validate format clean

help: ## 列出可用的命令
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1	/'

setup: ## 安装运行环境(其他命令会自动先做)
	$(BOOTSTRAP)

run: ## 安装、训练、生成演示数据并启动助手;Ctrl-C 停止
	$(BOOTSTRAP)
	@exec $(VENV) -m bot.launcher

test: ## 运行全部检查和测试
	$(BOOTSTRAP) --group test
	@exec $(VENV) scripts/check.py

train: ## 训练模型(输入没有变化时不训练)
	$(BOOTSTRAP)
	@exec $(VENV) -m bot.training

eval: ## 评测识别准确率,报告在 var/reports/nlu.html
	$(BOOTSTRAP)
	@exec $(VENV) scripts/evaluate.py

compare: ## 比较几种识别方法(docs/nlu.md 的表)
	$(BOOTSTRAP)
	@exec $(VENV) scripts/compare.py

bench: ## 测速度和内存,结果在 var/reports/bench.json
	$(BOOTSTRAP)
	@exec $(VENV) scripts/bench.py --train

encoder: ## 数据改动后重做编码器权重(双核约一小时,需要 Python 3.11 和 torch)
	$(BOOTSTRAP)
	@$(VENV) scripts/encoder/prepare.py
	@test -d var/encoder/env || $(ENCODER_PYTHON) -m venv var/encoder/env
	@var/encoder/env/bin/python -m pip install --quiet -r scripts/encoder/requirements.txt
	@exec var/encoder/env/bin/python scripts/encoder/learn.py

lint: ## 检查代码风格和类型
	$(BOOTSTRAP)
	@exec $(VENV) scripts/check.py lint types

validate: ## 检查话术数据和 Rasa 训练数据
	$(BOOTSTRAP)
	@exec $(VENV) scripts/check.py playbook data

format: ## 整理代码格式
	$(BOOTSTRAP)
	@$(VENV) -m ruff check --fix-only --quiet . && exec $(VENV) -m ruff format .

clean: ## 删除模型、缓存和日志(保留数据库、演示密码和运行环境)
	@rm -rf models .rasa results .mypy_cache .ruff_cache .pytest_cache .hypothesis var/log var/endpoints.yml
	@find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
	@echo '已清理。'
