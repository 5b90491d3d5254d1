"""What is verified on the files of the built site; each fault names its page and line.

python -m tests.site                    the content of this project
python -m tests.site --profiles 1000    a made-up territory of that size
"""
